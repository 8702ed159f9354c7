import { m } from "#app/i18n/paraglide/messages.js";
import { type Status, StatusMark } from "#app/ui/marks.tsx";
import { stageIs } from "#workflows/pilot/stages.ts";

interface Choice {
  value: string;
  label: string;
}
/** The word of a code in a list of choices; the code itself where there is none. */
export const wordIn = (choices: readonly Choice[], value: string): string =>
  choices.find((c) => c.value === value)?.label ?? value;

const shapes: Readonly<Record<string, Status>> = { green: "done", amber: "due", red: "late", none: "off" };
/** Health by shape, colour and word. */
export function HealthMark({ health, words }: { health: string; words: readonly Choice[] }) {
  return <StatusMark status={shapes[health] ?? "off"}>{wordIn(words, health)}</StatusMark>;
}
export const stageStatus = (stage: string): Status =>
  stage === "accepted"
    ? "done"
    : stageIs(stage, "failed")
      ? "off"
      : stage === "suspended"
        ? "late"
        : stage === "nominated"
          ? "waiting"
          : "running";

export function purposeWord(purpose: string): string {
  return purpose === "design"
    ? m.pilots_purpose_design()
    : purpose === "acceptance"
      ? m.pilots_purpose_acceptance()
      : m.pilots_purpose_operation();
}
export function ResultMark({ result }: { result: string | null }) {
  if (result === null) return <StatusMark status="waiting">{m.pilots_result_none()}</StatusMark>;
  return result === "passed" ? (
    <StatusMark status="done">{m.pilots_result_passed()}</StatusMark>
  ) : (
    <StatusMark status="late">{m.pilots_result_failed()}</StatusMark>
  );
}
export const batchWord = (no: number): string => (no === 1 ? m.pilots_batch_1() : m.pilots_batch_2());
export const periodWord = (period: string): string => (period === "summary" ? m.pilots_period_summary() : period);
export function decisionWord(decision: string): string {
  if (decision === "adopted") return m.pilots_decision_adopted();
  if (decision === "adapted") return m.pilots_decision_adapted();
  return decision === "refused" ? m.pilots_decision_refused() : m.pilots_decision_open();
}
/** Thousandths as people write them. */
export const decimal = (milli: number): string => String(milli / 1000);
