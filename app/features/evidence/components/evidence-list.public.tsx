import { Link } from "@remix-run/react";
import { formatBytes } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";

export interface ListedFile {
  id: string;
  name: string;
  bytes: number;
}

/** Names as links that save the file, in one line; and, where more may be added, the way to the list. */
export function EvidenceLine({ files, to, mayAdd }: { files: readonly ListedFile[]; to: string; mayAdd: boolean }) {
  if (files.length === 0 && !mayAdd) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      {files.length > 0 ? <span className="ui-hint">{m.evidence_files({ count: files.length })}</span> : null}
      {files.map((file) => (
        <a key={file.id} href={`/evidence/${file.id}`} download className="min-w-0 break-all">
          {file.name} <span className="ui-hint whitespace-nowrap">{formatBytes(file.bytes)}</span>
        </a>
      ))}
      {mayAdd ? <Link to={to}>{files.length > 0 ? m.evidence_manage() : m.evidence_add()}</Link> : null}
    </p>
  );
}

export const evidenceAddress = {
  answer: (documentId: string, code: string): string => `/evidence?document=${documentId}&part=${code}`,
  report: (documentId: string): string => `/evidence?document=${documentId}`,
  measure: (pilotId: string, measureId: string): string => `/evidence?measure=${measureId}&pilot=${pilotId}`,
};
