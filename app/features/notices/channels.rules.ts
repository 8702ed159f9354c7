import { levelOfRole, type MemberRole, type SignedInLevel } from "#db/roles.ts";
import { type NoticeChannel, type NoticeKind, noticeKinds } from "#db/vocabulary.ts";
import { type Audience, tellings } from "#workflows/index.ts";

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
  due: "mail",
  overdue: "mail",
  escalated: "mail",
  moved: "here",
  mail_refused: "here",
};

const levelsOf: Readonly<Record<Audience, readonly SignedInLevel[]>> = {
  site: ["site"],
  authors: ["site", "sector"],
  reviewers: ["sector", "national"],
  office: ["sector"],
  sector: ["site", "sector"],
  national: ["national"],
  sectors: ["sector"],
};
/** Of kinds that no machine tells: who is told. */
const besides: Partial<Record<NoticeKind, readonly SignedInLevel[]>> = {
  reminder: ["site"],
  granted: ["assessor"],
  due: ["site", "sector", "assessor"],
  overdue: ["site", "sector"],
  escalated: ["site", "sector", "national"],
  comment: ["national"],
  mail_refused: ["site", "sector", "national", "operator"],
};

const reached = new Map<NoticeKind, ReadonlySet<SignedInLevel>>(
  noticeKinds.map((kind) => {
    const told = Object.values(tellings)
      .flatMap((events) => Object.values(events))
      .filter((telling) => telling?.kind === kind)
      .flatMap((telling) => telling?.to ?? []);
    return [kind, new Set([...told.flatMap((to) => levelsOf[to]), ...(besides[kind] ?? [])])];
  }),
);
/** Kinds that a role can be told at all, in their order. */
export const kindsFor = (role: MemberRole): NoticeKind[] =>
  noticeKinds.filter((kind) => reached.get(kind)?.has(levelOfRole[role]));
