import { fileLoader } from "#app/request/file.server.ts";
import { certificateData, certificateName } from "#app/features/isolation/certificate.server.ts";
import { certificatePath } from "#app/features/isolation/isolation.schema.ts";
import { findCheck } from "#app/features/isolation/isolation.server.ts";
import { renderPdf } from "#app/pdf/render.server.ts";

/** Set anew from the trail each time: the same entry gives the same bytes. */
export const loader = fileLoader(
  { at: "/audit/isolation/:checkId.pdf", params: certificatePath },
  async ({ actor, params, locale, read }) => {
    const check = await read((tx) => findCheck(tx, actor, params.checkId));
    const { bytes, sha256 } = await renderPdf("certificate", certificateData(check, actor, locale), locale);
    return {
      name: certificateName(check, actor, locale),
      type: "application/pdf",
      body: bytes,
      etag: sha256,
      inline: true,
    };
  },
);
