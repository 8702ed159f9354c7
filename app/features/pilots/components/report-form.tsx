import { useFetcher } from "@remix-run/react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { pilotView, reportView } from "../pilot.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextArea } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { SaveState, type SaveStateProps } from "#app/ui/save-state.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { fieldOf } from "./pilot-scoring.tsx";
import { decimal } from "./marks.tsx";

type Work = NonNullable<Jsonify<Awaited<ReturnType<typeof pilotView>>>["work"]>;
type Report = NonNullable<Jsonify<Awaited<ReturnType<typeof reportView>>>>;
/** After this pause in typing the draft is saved by itself. */
const pauseMs = 1500;

/** Names of the fields that were refused, as the form has them. */
const refusedNames = (result: Extract<ActionResult, { ok: false }>): string[] =>
  Object.keys(result.lastResult.error ?? {})
    .filter((name) => name !== "")
    .map((name) => name.replaceAll('"', "").replaceAll("[", ".").replaceAll("]", ""));

/**
 * Saves in the background; a field that is refused holds back itself alone: the others are saved with what was taken of it last.
 * It remembers the revision it began from and says when somebody else was quicker.
 */
function useAutosave(report: Report, refused: Extract<ActionResult, { ok: false }> | undefined) {
  const fetcher = useFetcher<ActionResult>();
  const form = useRef<HTMLFormElement>(null);
  const [rev, setRev] = useState(
    refused?.error?.code === "stale_revision" ? Number(refused.error.extra["rev"] ?? 0) : (report.draft?.rev ?? 0),
  );
  const [state, setState] = useState<SaveStateProps["state"]>("idle");
  const [at, setAt] = useState<string | Date | null>(report.draft?.updatedAt ?? null);
  const [conflict, setConflict] = useState<{ name: string } | null>(
    refused?.error?.code === "stale_revision" ? { name: refused.error.message } : null,
  );
  const timer = useRef<ReturnType<typeof setTimeout>>();
  // One save at a time: the next begins from the revision that the one before has made, or it would find itself in its own way.
  const running = useRef(false);
  const again = useRef(false);
  const [failed, setFailed] = useState<Extract<ActionResult, { ok: false }> | null>(null);
  // What was taken last, what is on its way, and which fields of it stand as they were taken.
  const taken = useRef<FormData>();
  const asSaved = useRef(!refused);
  const sent = useRef<FormData>();
  const aside = useRef<readonly string[]>([]);
  const save = (from = rev, without: readonly string[] = []) => {
    clearTimeout(timer.current);
    if (!form.current) return;
    setState("saving");
    again.current = running.current;
    if (running.current) return;
    running.current = true;
    const data = new FormData(form.current);
    for (const name of without) data.set(name, taken.current?.get(name) ?? "");
    aside.current = without;
    sent.current = data;
    data.set("intent", "saveReport");
    data.set("rev", String(from));
    fetcher.submit(data, { method: "post" });
  };
  const latest = useRef(save);
  latest.current = save;
  const touched = () => {
    setState("dirty");
    clearTimeout(timer.current);
    // What was changed by two people is saved by hand alone.
    if (!conflict) timer.current = setTimeout(() => latest.current(), pauseMs);
  };
  // The button saves the same way, or what saves by itself would begin from a revision that is no more.
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    save();
  };
  useEffect(() => {
    // What the form begins with is what was saved, but for what came back refused without script.
    if (form.current && asSaved.current) taken.current = new FormData(form.current);
    return () => clearTimeout(timer.current);
  }, []);
  useEffect(() => {
    const result = fetcher.data;
    if (!result || fetcher.state !== "idle") return;
    running.current = false;
    if (result.ok) {
      const saved = result.data as { rev: number; at: string };
      setRev(saved.rev);
      setAt(saved.at);
      setConflict(null);
      taken.current = sent.current;
      if (aside.current.length === 0) setFailed(null);
      setState(aside.current.length === 0 ? "saved" : "failed");
      if (again.current) latest.current(saved.rev);
    } else if (result.error?.code === "stale_revision") {
      setState("failed");
      setRev(Number(result.error.extra["rev"] ?? 0));
      setConflict({ name: result.error.message });
    } else if (again.current) {
      // What was refused is not what stands there now: it was mended, and saved again, while the answer was under way.
      latest.current();
    } else {
      setFailed(result);
      setState("failed");
      const names = refusedNames(result);
      if (names.length > 0 && aside.current.length === 0 && taken.current) latest.current(undefined, names);
    }
  }, [fetcher.data, fetcher.state]);
  return {
    form,
    rev,
    state,
    at,
    conflict,
    save,
    touched,
    submitted,
    failed,
  };
}

/** One figure, and the word on it where it is far from the one before. */
function FigureField({
  indicator: i,
  report,
  errors,
  typed,
}: {
  indicator: Work["indicators"][number];
  report: Report;
  errors: Record<string, string[] | null>;
  typed: (name: string, saved: string) => string;
}) {
  const body = report.draft?.body;
  const value = body?.values[i.id];
  const explanation = body?.explanations?.[i.id] ?? "";
  const figure = (milli: number | null) => (milli === null ? "—" : decimal(milli));
  return (
    <>
      <NumberInput
        name={`values.${i.id}`}
        label={`${i.code} ${i.name}`}
        unit={i.unit}
        hint={`${m.pilots_baseline()} ${figure(i.baselineMilli)} · ${m.pilots_target()} ${figure(i.targetMilli)}`}
        defaultValue={typed(`values.${i.id}`, typeof value === "number" ? decimal(value) : "")}
        errors={errors[`values.${i.id}`] ?? errors[`values["${i.id}"]`] ?? undefined}
      />
      {report.leaps.includes(i.id) || explanation !== "" ? (
        <TextArea
          name={`explanations.${i.id}`}
          label={m.pilots_explanation_of({ code: i.code })}
          hint={m.pilots_explanation_hint()}
          rows={2}
          maxLength={1000}
          defaultValue={typed(`explanations.${i.id}`, explanation)}
          errors={errors[`explanations.${i.id}`] ?? undefined}
        />
      ) : null}
    </>
  );
}

/** The working text of a progress report; saves itself, and by the button where there is no script. */
export function ReportForm({ report, work, result }: { report: Report; work: Work; result: ActionResult | undefined }) {
  // Where there is no script, what was refused comes back with the page: as typed, with the reason beside it.
  const refused = result && !result.ok && result.intent === "saveReport" ? result : undefined;
  const saving = useAutosave(report, refused);
  const body = report.draft?.body;
  const errors: Record<string, string[] | null> = (saving.failed ?? refused)?.lastResult.error ?? {};
  const typed = (name: string, saved: string): string => fieldOf(refused, "saveReport", name, saved).defaultValue;
  const open = work.measures.filter((one) => one.doneOn === null || body?.done[one.id] !== undefined);
  return (
    <PostForm
      ref={saving.form}
      className="ui-form"
      noValidate
      onChange={saving.touched}
      onSubmit={saving.submitted}
      preventScrollReset
    >
      <input type="hidden" name="documentId" value={report.id} />
      <input type="hidden" name="rev" value={saving.rev} />
      {saving.conflict ? (
        <Notice tone="due" title={saving.conflict.name} live>
          <p>{m.pilots_conflict_text()}</p>
          <a href={`?report=${report.id}`}>{m.pilots_conflict_load()}</a>
        </Notice>
      ) : null}
      {work.indicators.map((i) => (
        <FigureField key={i.id} indicator={i} report={report} errors={errors} typed={typed} />
      ))}
      <TextArea
        name="text"
        label={m.pilots_report_text()}
        hint={m.pilots_report_text_hint()}
        rows={6}
        maxLength={8000}
        defaultValue={typed("text", body?.text ?? "")}
        errors={errors["text"] ?? undefined}
      />
      <TextArea
        name="problems"
        label={m.pilots_report_problems()}
        optional
        rows={3}
        maxLength={4000}
        defaultValue={typed("problems", body?.problems ?? "")}
        errors={errors["problems"] ?? undefined}
      />
      <TextArea
        name="next"
        label={m.pilots_report_next()}
        optional
        rows={3}
        maxLength={4000}
        defaultValue={typed("next", body?.next ?? "")}
        errors={errors["next"] ?? undefined}
      />
      {open.length > 0 ? (
        <fieldset>
          <legend>{m.pilots_report_measures()}</legend>
          {open.map((one) => (
            <DateInput
              key={one.id}
              name={`done.${one.id}`}
              label={`${one.code} ${one.title}`}
              optional
              defaultValue={typed(`done.${one.id}`, body?.done[one.id] ?? "")}
              errors={errors[`done.${one.id}`] ?? undefined}
            />
          ))}
        </fieldset>
      ) : null}
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="saveReport">
          {m.pilots_save()}
        </SubmitButton>
        <SaveState state={saving.state} at={saving.at} onRetry={() => saving.save()} />
      </div>
    </PostForm>
  );
}
