import type { ActionResult } from "#app/request/page.server.ts";
import { typedIn } from "#app/request/refused.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Page, PartProps } from "./part-props.ts";

type Text = Page["sections"][number];

function TextForm({
  page,
  section,
  language,
  result,
}: {
  page: Page;
  section: Text;
  language: "zh" | "en";
  result: ActionResult | undefined;
}) {
  return (
    <PostForm className="ui-stack" preventScrollReset>
      <input type="hidden" name="language" value={language} />
      <input type="hidden" name="rev" value={page.rev} />
      <TextArea
        name={`texts.${section.key}`}
        label={language === "zh" ? m.plan_text() : m.risk_chapter_english()}
        rows={4}
        maxLength={20_000}
        defaultValue={
          typedIn(result, "text", language, `texts.${section.key}`) ??
          (language === "zh" ? section.text : section.textEn)
        }
      />
      <div>
        <SubmitButton name="intent" value="text" size="s">
          {m.plan_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** The written sections of the plan; those drawn from rows may carry a word of their own. */
export function Texts({ page, result }: PartProps) {
  const english = getLocale() === "en";
  const shown = page.editable ? page.sections : page.sections.filter((s) => s.text !== "" || s.textEn !== "");
  return (
    <Section id="texts" title={m.plan_texts()}>
      {shown.map((s) => {
        const written = s.text.trim() !== "";
        const mark =
          s.required || written ? (
            <StatusMark status={written ? "done" : "late"}>
              {written ? m.risk_chapter_complete() : m.risk_chapter_open()}
            </StatusMark>
          ) : (
            <span className="ui-hint">{m.plan_text_optional()}</span>
          );
        return (
          <Section key={s.key} id={`section-${s.key}`} level={3} title={s.title} acts={mark}>
            {page.editable ? (
              <details open={s.required && !written}>
                <summary>{m.risk_chapter_edit()}</summary>
                <TextForm key={`zh-${page.rev}`} page={page} section={s} language="zh" result={result} />
                <TextForm key={`en-${page.rev}`} page={page} section={s} language="en" result={result} />
              </details>
            ) : (
              <div className="ui-reading">
                {((english ? s.textEn : "") || s.text || s.textEn).split("\n").map((p, i) => (
                  <p key={i}>{p}</p>
                ))}
              </div>
            )}
          </Section>
        );
      })}
    </Section>
  );
}
