import { eventLabel } from "#app/features/workflow/labels.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { NoticeKind } from "#db/vocabulary.ts";
import type { MachineId } from "#workflows/index.ts";

/** What a notice says has happened, in its reader's language. */
export function sayingOf(
  { kind, params }: { kind: NoticeKind; params: Readonly<Record<string, string | number>> },
  locale: Locale,
): string {
  if (kind === "reminder" || kind === "granted")
    return translate(`notices_kind_${kind}`, { day: String(params["day"] || "—") }, locale);
  if (kind === "due" || kind === "overdue" || kind === "escalated") {
    const n = Number(params["n"]);
    const says = translate(
      kind === "due" && n === 0 ? "notices_kind_due_now" : `notices_kind_${kind}`,
      { day: String(params["day"]), n },
      locale,
    );
    return params["unsure"] ? `${says}${translate("notices_unsure", {}, locale)}` : says;
  }
  // What only moved on is told by the name of its step.
  return kind === "moved"
    ? translate(
        "notices_kind_moved",
        { event: eventLabel(String(params["machine"]) as MachineId, String(params["type"]), locale) },
        locale,
      )
    : translate(`notices_kind_${kind}`, {}, locale);
}
