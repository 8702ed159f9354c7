import { shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { CopyId } from "#app/ui/copy-id.tsx";

/** The digest something was sealed under, to be copied, and the way to the page that tells its course. */
export function SealedDigest({ sha256, label }: { sha256: string; label: string }) {
  return (
    <>
      <CopyId value={sha256} short={shortDigest(sha256)} label={label} />{" "}
      <a href={`/verify/${sha256}`}>{m.seal_verify()}</a>
    </>
  );
}
