import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";

interface CalendarSectionProps {
  calendar: { createdAt: Date | string; readAt: Date | string | null } | null;
  /** The address that was just made: shown once. */
  made: string | null;
}
/** The address by which a calendar program shows the reader's due days; made, made anew, taken away. */
export function CalendarSection({ calendar, made }: CalendarSectionProps) {
  return (
    <Section title={m.calendar_title()} note={m.calendar_note()}>
      {made ? (
        <Notice tone="done" live>
          <p>{m.calendar_made()}</p>
          <p>
            <code className="break-all">{made}</code>
          </p>
        </Notice>
      ) : null}
      {calendar ? (
        <KeyValue
          items={[
            { key: m.calendar_since(), value: formatDateTime(calendar.createdAt) },
            { key: m.calendar_read(), value: calendar.readAt ? formatDateTime(calendar.readAt) : <None /> },
          ]}
        />
      ) : null}
      <PostForm className="ui-acts">
        <SubmitButton kind={calendar ? "quiet" : "main"} name="intent" value="make">
          {calendar ? m.calendar_again() : m.calendar_make()}
        </SubmitButton>
        {calendar ? (
          <SubmitButton kind="quiet" name="intent" value="end">
            {m.calendar_end()}
          </SubmitButton>
        ) : null}
      </PostForm>
    </Section>
  );
}
