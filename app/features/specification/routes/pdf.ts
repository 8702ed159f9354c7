import { slugOf } from "#app/domain/hrefs.ts";
import { z } from "zod";
import { serveFile } from "#app/request/file.server.ts";
import { publicLoader } from "#app/request/page.server.ts";
import { publicFile } from "#app/features/specification/published.server.ts";
import { notFound } from "#app/platform/errors.ts";
import { storageOf } from "#app/platform/storage.server.ts";
import { text } from "#app/platform/fields.ts";

/** The published file in the reader's language (`?lng=`). Its ETag is the digest that stands on the page. */
export const loader = publicLoader(
  { at: "/specifications/:number.pdf", params: z.object({ number: text(60) }) },
  async ({ tx, params, locale, context, request }) => {
    const { file, specification } = await publicFile(tx, params.number, locale);
    const storage = storageOf(context.env);
    if ((await storage.size(file.sha256)) === null)
      throw notFound({ logMessage: `file ${file.sha256} is not in storage` });
    const name = `${slugOf(specification.number)}${file.locale === "en" ? ".en" : ""}.pdf`;
    return serveFile(request, {
      name,
      type: "application/pdf",
      body: storage.stream(file.sha256),
      length: file.bytes,
      etag: file.sha256,
      inline: true,
      published: true,
    });
  },
);
