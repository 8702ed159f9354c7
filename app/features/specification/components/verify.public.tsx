import { specificationPath } from "#app/domain/hrefs.ts";
import { formatBytes, formatDate } from "#app/i18n/format.ts";
import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

/** As it comes over the wire: dates as text. */
type Title = { zh: string; en: string };
type Found =
  | {
      kind: "specification" | "file";
      number: string;
      edition: number;
      title: Title;
      state: string;
      publishedAt: string | Date | null;
      effectiveOn: string | null;
      locale: string | null;
      bytes: number | null;
      pages: number | null;
    }
  | { kind: "submission"; sector: Title; number: string; title: Title; clauses: number };

function markWord(state: string): string {
  if (state === "withdrawn") return m.specification_mark_withdrawn();
  if (state === "superseded") return m.specification_mark_superseded();
  return m.specification_mark_published();
}

/** What of what was published a digest stands for. */
export function VerifyResult({ found }: { found: Found }) {
  const link = <a href={specificationPath(found.number)}>{m.specification_verify_open({ number: found.number })}</a>;
  if (found.kind === "submission") {
    return (
      <Notice tone="done" title={m.specification_verify_submission({ sector: pick(found.sector) })} act={link} live>
        {m.specification_verify_submission_text({ number: found.number, count: found.clauses })}
      </Notice>
    );
  }
  const good = found.state === "published";
  return (
    <Notice
      tone={good ? "done" : "due"}
      title={found.kind === "file" ? m.specification_verify_file() : m.specification_verify_content()}
      act={link}
      live
    >
      <strong>
        {found.number} {pick(found.title)}
      </strong>
      <br />
      {markWord(found.state)}
      {found.publishedAt ? ` · ${m.specification_published_on({ day: formatDate(found.publishedAt) })}` : null}
      {found.effectiveOn ? ` · ${m.specification_effective_on({ day: found.effectiveOn })}` : null}
      {found.bytes !== null && found.pages !== null
        ? ` · ${found.locale === "en" ? m.specification_file_en() : m.specification_file_zh()}${m.specification_file_facts({ size: formatBytes(found.bytes), pages: found.pages })}`
        : null}
    </Notice>
  );
}
