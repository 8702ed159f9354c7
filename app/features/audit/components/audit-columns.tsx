import type { AuditRow } from "../audit.view.server.ts";
import { formatDateTime, shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { CopyId } from "#app/ui/copy-id.tsx";
import { None } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";

type Row = Omit<AuditRow, "at"> & { at: string | Date };

/** An entry of the trail as a row. */
export const auditColumns = (): Column<Row>[] => [
  { key: "seq", head: m.audit_seq(), numeric: true, rowHead: true, width: "4.5rem", cell: (e) => e.seq },
  {
    key: "at",
    head: m.audit_at(),
    width: "10rem",
    cell: (e) => <time dateTime={new Date(e.at).toISOString()}>{formatDateTime(e.at)}</time>,
  },
  { key: "who", head: m.audit_who(), cell: (e) => e.who },
  { key: "act", head: m.audit_act(), width: "9rem", cell: (e) => e.actLabel },
  {
    key: "object",
    head: m.audit_object(),
    width: "8rem",
    cell: (e) => e.objectLabel || <None />,
    text: (e) => e.objectId ?? "",
  },
  { key: "text", head: m.audit_what(), cell: (e) => e.text || <None />, text: (e) => e.text },
  {
    key: "id",
    head: m.audit_object_id(),
    optional: true,
    cell: (e) => (e.objectId ? <CopyId value={e.objectId} short={e.objectId.slice(0, 8)} /> : <None />),
    text: (e) => e.objectId ?? "",
  },
  {
    key: "request",
    head: m.audit_request(),
    optional: true,
    cell: (e) => e.request || <None />,
    text: (e) => e.request,
  },
  {
    key: "hash",
    head: m.audit_hash(),
    width: "9.5rem",
    cell: (e) => <CopyId value={e.hash} short={shortDigest(e.hash)} label={m.audit_hash()} />,
    text: (e) => e.hash,
  },
];
