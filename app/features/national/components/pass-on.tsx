import { m } from "#app/i18n/paraglide/messages.js";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { TextArea } from "#app/ui/inputs.tsx";
import { Section } from "#app/ui/page.tsx";
import type { lessonsToPassOn } from "#app/features/pilots/national-lessons.server.ts";

/** Lessons of batch one: how many would go out to every sector now, and the act that sends them. */
export function PassOn({
  lessons,
  programmeId,
}: {
  lessons: Awaited<ReturnType<typeof lessonsToPassOn>>;
  programmeId: string;
}) {
  return (
    <Section title={m.national_lessons()} id="lessons" note={m.national_lessons_note()}>
      <div className="flex flex-wrap items-center gap-3">
        <span>
          {lessons.ready > 0
            ? m.national_lessons_ready({ count: lessons.ready, sectors: lessons.sectors })
            : m.national_lessons_none()}
        </span>
        <span className="text-ink-3">{m.national_lessons_before({ count: lessons.passedOn })}</span>
        {lessons.ready > 0 ? (
          <ConfirmDialog
            size="s"
            label={m.national_lessons_pass()}
            title={m.national_lessons_title({ count: lessons.ready })}
            fields={{ intent: "passLessons", programmeId }}
          />
        ) : null}
        {lessons.ready === 0 && lessons.passedOn === 0 && lessons.none === null ? (
          <ConfirmDialog
            size="s"
            kind="quiet"
            label={m.national_lessons_state_none()}
            title={m.national_lessons_state_none_title()}
            confirmLabel={m.national_lessons_state_none()}
            fields={{ intent: "noLessons", programmeId }}
            body={
              <>
                <p>
                  {lessons.underWay > 0
                    ? m.national_lessons_under_way({ n: lessons.underWay })
                    : m.national_lessons_all_closed()}
                </p>
                <TextArea name="reason" label={m.national_lessons_none_reason()} required rows={3} maxLength={2000} />
              </>
            }
          />
        ) : null}
      </div>
      {lessons.none ? (
        <p className="ui-hint">
          {m.national_lessons_none_by({ reason: lessons.none.reason, name: lessons.none.byName })}
        </p>
      ) : null}
    </Section>
  );
}
