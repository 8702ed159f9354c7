import { m } from "#app/i18n/paraglide/messages.js";

/** How far a step, a stage or a row of a plan is; `off` is what the way does not lead through. */
export type Progress = "done" | "now" | "ahead" | "off" | "late";

/** The word that stands beside the shape and the colour, for who sees neither. */
export function progressWord(progress: Progress): string {
  switch (progress) {
    case "done":
      return m.ui_phase_done();
    case "late":
      return m.ui_status_late();
    case "now":
      return m.ui_phase_now();
    case "ahead":
    case "off":
      return m.ui_phase_ahead();
  }
}
