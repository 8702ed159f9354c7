import { z } from "zod";
import { fileLoader } from "#app/request/file.server.ts";
import { sealedContent } from "../seal.server.ts";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { matching } from "#app/platform/fields.ts";
import { notFound } from "#app/platform/errors.ts";

/** The sealed content as canonical JSON: the SHA-256 of these bytes is the digest in the address. */
export const loader = fileLoader(
  { at: "/verify/:sha256/content.json", kept: true, params: z.object({ sha256: matching(/^[0-9a-f]{64}$/) }) },
  async ({ params: { sha256 }, actor, read }) => {
    const content = await read((tx) => sealedContent(tx, actor, sha256));
    if (content === undefined) throw notFound({ logMessage: `no sealed content ${sha256}` });
    return {
      name: `${sha256}.json`,
      type: "application/json",
      body: new TextEncoder().encode(canonicalJson(content)),
      etag: sha256,
    };
  },
);
