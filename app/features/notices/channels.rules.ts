import type { NoticeChannel, NoticeKind } from "#db/vocabulary.ts";

/**
 * How a kind is told to whoever has not chosen: at once by letter what asks for something with a day or ends something of theirs, in the
 * letter of the day what can wait until tomorrow, here alone what only moved on.
 */
export const usualChannel: Readonly<Record<NoticeKind, NoticeChannel>> = {
  survey_opened: "mail",
  returned: "mail",
  selected: "mail",
  rejected: "mail",
  stopped: "mail",
  ended: "mail",
  reminder: "mail",
  granted: "mail",
  handed_in: "daily",
  approved: "daily",
  resumed: "daily",
  consultation: "daily",
  comment: "daily",
  published: "daily",
  moved: "here",
  mail_refused: "here",
};
