import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import type { NoticeChannel, NoticeKind } from "#db/vocabulary.ts";

const channelWord = {
  here: m.letters_channel_here,
  mail: m.letters_channel_mail,
  daily: m.letters_channel_daily,
  weekly: m.letters_channel_weekly,
  none: m.letters_channel_none,
} as const satisfies Record<NoticeChannel, unknown>;
const channels = Object.keys(channelWord) as NoticeChannel[];

const kindWord = {
  survey_opened: m.letters_kind_survey_opened,
  handed_in: m.letters_kind_handed_in,
  returned: m.letters_kind_returned,
  approved: m.letters_kind_approved,
  selected: m.letters_kind_selected,
  rejected: m.letters_kind_rejected,
  stopped: m.letters_kind_stopped,
  resumed: m.letters_kind_resumed,
  ended: m.letters_kind_ended,
  moved: m.letters_kind_moved,
  consultation: m.letters_kind_consultation,
  published: m.letters_kind_published,
  reminder: m.letters_kind_reminder,
  granted: m.letters_kind_granted,
  comment: m.letters_kind_comment,
  mail_refused: m.letters_kind_mail_refused,
  due: m.letters_kind_due,
  overdue: m.letters_kind_overdue,
  escalated: m.letters_kind_escalated,
} as const satisfies Record<NoticeKind, unknown>;

interface Choice {
  kind: NoticeKind;
  channel: NoticeChannel;
  usual: NoticeChannel;
}
/** A line a kind: what it tells of, and where its reader wants it. */
export function ChannelsSection({ choices, mailServer }: { choices: readonly Choice[]; mailServer: boolean }) {
  if (choices.length === 0) return <EmptyState title={m.letters_no_kinds()} text={m.letters_no_kinds_text()} />;
  return (
    <Section title={m.letters_settings()} note={m.letters_settings_note()}>
      <PostForm className="ui-stack">
        {mailServer ? null : <Notice tone="info">{m.letters_no_server()}</Notice>}
        <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
          {choices.map(({ kind, channel, usual }) => (
            <Select
              key={`${kind} ${channel}`}
              label={kindWord[kind]()}
              name={kind}
              defaultValue={channel}
              choices={channels.map((value) => ({
                value,
                label: value === usual ? m.letters_usual({ channel: channelWord[value]() }) : channelWord[value](),
              }))}
            />
          ))}
        </div>
        <div className="ui-acts">
          <SubmitButton kind="main" name="intent" value="choose">
            {m.identity_save()}
          </SubmitButton>
          <SubmitButton kind="quiet" name="intent" value="usual">
            {m.letters_as_usual()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
