import { z } from "zod";
import { loadEvidence } from "#app/features/evidence/evidence.server.ts";
import { servedEvidence } from "#app/features/evidence/files.server.ts";
import { fileLoader } from "#app/request/file.server.ts";
import { uuid } from "#app/platform/fields.ts";

/** One file, to whoever may see it. */
export const loader = fileLoader(
  { at: "/evidence/:evidenceId", kept: true, params: z.object({ evidenceId: uuid() }) },
  async ({ read, params, storage }) => servedEvidence(storage, await read((tx) => loadEvidence(tx, params.evidenceId))),
);
