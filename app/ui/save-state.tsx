import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "./button.tsx";
import { Icon, Shape } from "./icon.tsx";

export interface SaveStateProps {
  state: "idle" | "dirty" | "saving" | "saved" | "failed" | "offline";
  /** When it was last saved. */
  at?: Date | string | null | undefined;
  /** Tries again; without it the words alone stand. */
  onRetry?: (() => void) | undefined;
}

function words(state: SaveStateProps["state"], at: SaveStateProps["at"]): string {
  switch (state) {
    case "dirty":
      return m.ui_save_dirty();
    case "saving":
      return m.ui_save_saving();
    case "failed":
      return m.ui_save_failed();
    case "offline":
      return m.ui_save_offline();
    default:
      return at
        ? m.ui_save_saved_at({ time: formatDateTime(at).slice(5) })
        : state === "saved"
          ? m.ui_save_saved()
          : "";
  }
}

/** Tells, always, whether what was typed is safe. Announced politely when it changes. */
export function SaveState({ state, at, onRetry }: SaveStateProps) {
  const text = words(state, at);
  return (
    <span className={`ui-save ui-save-${state}`}>
      {state === "saving" ? <span className="ui-spin" aria-hidden="true" /> : null}
      {state === "failed" || state === "offline" ? <Icon name="warning" size={14} /> : null}
      {state === "saved" || (state === "idle" && at) ? <Shape name="done" size={11} /> : null}
      {state === "dirty" ? <Shape name="draft" size={11} /> : null}
      <span role="status">{text}</span>
      {onRetry && (state === "failed" || state === "offline") ? (
        <Button type="button" size="s" onClick={onRetry}>
          {m.ui_try_again()}
        </Button>
      ) : null}
    </span>
  );
}
