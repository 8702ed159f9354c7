import { formatBytes, formatDate } from "#app/i18n/format.ts";
import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";
import { specificationPath } from "../numbers.ts";

/** As it comes over the wire: dates as text. */
type Title = { zh: string; en: string };
type Found =
  | { kind: "specification" | "file"; number: string; edition: number; title: Title; state: string; publishedAt: string | Date | null; effectiveOn: string | null; locale: string | null; bytes: number | null; pages: number | null }
  | { kind: "submission"; sector: Title; number: string; title: Title; clauses: number };

function markWord(state: string): string {
  if (state === "withdrawn") return m.specification_mark_withdrawn();
  if (state === "superseded") return m.specification_mark_superseded();
  return m.specification_mark_published();
}

/** What a digest stands for, or that nothing is known under it. */
export function VerifyResult({ asked, found }: { asked: string; found: Found | null }) {
  if (!found) {
    return (
      <Notice tone="late" title={m.specification_verify_unknown()} live>
        {m.specification_verify_unknown_text()} <code>{asked}</code>
      </Notice>
    );
  }
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
    <Notice tone={good ? "done" : "due"} title={found.kind === "file" ? m.specification_verify_file() : m.specification_verify_content()} act={link} live>
      <strong>
        {found.number} {pick(found.title)}
      </strong>
      <br />
      {markWord(found.state)}
      {found.publishedAt ? ` · ${m.specification_published_on({ day: formatDate(found.publishedAt) })}` : null}
      {found.effectiveOn ? ` · ${m.specification_effective_on({ day: found.effectiveOn })}` : null}
      {found.bytes !== null && found.pages !== null ? ` · ${found.locale === "en" ? m.specification_file_en() : m.specification_file_zh()}${m.specification_file_facts({ size: formatBytes(found.bytes), pages: found.pages })}` : null}
    </Notice>
  );
}

/** The file never leaves the reader's machine: the browser hashes it (SubtleCrypto) and puts the digest into the field. */
const script = `const f=document.getElementById("file"),p=document.getElementById("filebox");if(f&&window.crypto&&crypto.subtle){p.hidden=false;f.addEventListener("change",async()=>{const x=f.files[0];if(!x)return;const b=await crypto.subtle.digest("SHA-256",await x.arrayBuffer());const i=document.getElementById("sha256");i.value=[...new Uint8Array(b)].map(n=>n.toString(16).padStart(2,"0")).join("");i.form.requestSubmit()})}`;

/** Choosing a file instead of pasting its digest; stands only where the script runs. */
export function HashFile({ nonce }: { nonce: string }) {
  return (
    <>
      <div id="filebox" className="ui-field" hidden>
        <label className="ui-label" htmlFor="file">
          {m.specification_verify_choose()}
        </label>
        <p className="ui-hint">{m.specification_verify_choose_hint()}</p>
        <input id="file" type="file" className="ui-input" />
      </div>
      <script nonce={nonce} dangerouslySetInnerHTML={{ __html: script }} />
    </>
  );
}
