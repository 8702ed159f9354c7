import { z } from "zod";
import { fileLoader } from "#app/request/file.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { GuardedPath } from "#app/request/access.rules.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { notFound } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { findPrinted, keepPrinted, type PrintJob, printPdf, type StoredKind } from "./artifact.server.ts";

/** Loads what a printed document of a project holds; null where the reader has nothing to read. */
type LoadJob<K extends StoredKind> = (
  tx: Tx,
  actor: Actor,
  projectId: string,
  locale: Locale,
  baseUrl: string,
) => Promise<(PrintJob<K> & { name: string }) | null>;

/** A resource route `projects/:projectId/….pdf`: found again where it was printed before, else printed with no transaction open. */
export const printLoader = <K extends StoredKind>(at: GuardedPath, load: LoadJob<K>) =>
  fileLoader(
    { at, params: z.object({ projectId: uuid() }) },
    async ({ actor, params, locale, request, context, storage, read, write }) => {
      const baseUrl = context.env.BASE_URL ?? new URL(request.url).origin;
      const { job, known } = await read(async (tx) => {
        const found = await load(tx, actor, params.projectId, locale, baseUrl);
        if (!found) throw notFound({ logMessage: `nothing to print of ${params.projectId}` });
        return { job: found, known: await findPrinted(tx, storage, found) };
      });
      let file = known;
      // Fifty who ask for one document at a time wait for each other (`heavyWork`), so the second finds what the first one printed.
      if (!file) {
        const made = await printPdf(storage, job);
        await write((tx) => keepPrinted(tx, actor, job, made));
        file = made;
      }
      return {
        name: job.name,
        type: "application/pdf",
        body: storage.stream(file.sha256),
        length: file.bytes,
        etag: file.sha256,
        inline: true,
      };
    },
  );
