/** What of the files of a document its approval answers for: which they are, by their bytes. Pure data. */
import type { ContentShape } from "#app/features/document/difference.rules.ts";

/** A part of every shape whose content has `evidence` (`sealedEvidence`): a file that comes, goes or is exchanged is material. */
export const evidenceShape: ContentShape = {
  rows: [
    {
      at: "evidence",
      key: ["part", "sha256"],
      name: ["part", "name"],
      label: "evidence_sealed_file",
      value: "sha256",
    },
  ],
  fields: [{ at: "evidence.*.sha256", label: "evidence_sealed_file", format: { as: "digest" } }],
  immaterial: {
    "evidence.*.id": "the same file filed once more is the same file",
    "evidence.*.part": "tells the file from the others",
    "evidence.*.name": "another name is not another file",
    "evidence.*.bytes": "follows from the bytes, whose digest is compared",
  },
};
