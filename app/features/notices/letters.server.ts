import { sql } from "drizzle-orm";
import { z } from "zod";
import { isWorkingDay } from "#app/domain/working-days.ts";
import { isLocale, type Locale } from "#app/i18n/locale.ts";
import { addDays, type Day, dayAt, dayNumber } from "#app/platform/days.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { jobTask, type JobTask, type TaskContext } from "#app/platform/jobs.server.ts";
import { digestOf, newSecret } from "#app/request/session.server.ts";
import type { NoticeChannel } from "#db/vocabulary.ts";
import { letterEmail, type Told } from "./letter.words.server.ts";

/*
 * Letters of what is unread: within a minute of what asks for one at once, each working morning, or at the beginning of the week's work.
 * What a letter told is noted in the statement that writes it, so that whoever dies in between has told nothing twice and lost nothing.
 */

type Lettered = Exclude<NoticeChannel, "here" | "none">;
interface Due extends Record<string, unknown> {
  membership_id: string;
  name: string;
  locale: string;
  tenant_zh: string;
  tenant_en: string;
  site_name: string;
  ids: string[];
  shown: Told[];
}

/** Letters read of the database at once. */
const pageSize = 100;
/** A letter is written anew so often when another told some of it meanwhile. */
const triesAtMost = 3;

const localeOf = (stored: string): Locale => (isLocale(stored) ? stored : "zh-CN");

async function due(
  { db }: TaskContext,
  channel: Lettered,
  { of = null, after = null }: { of?: string | null; after?: string | null },
): Promise<Due[]> {
  const found = await db.execute<Due>(
    sql`select * from auth.letters_due(${channel}, ${of}::uuid, ${after}::uuid, ${of === null ? pageSize : 1})`,
  );
  return found.rows;
}

/** Writes one letter, which another job sends. Returns false where some of it was told meanwhile, or all of it was read. */
async function write({ db }: TaskContext, channel: Lettered, to: Due, origin: string): Promise<boolean> {
  const secret = newSecret();
  const locale = localeOf(to.locale);
  const stop = `${origin}/unsubscribe?lng=${locale}&token=${secret}`;
  const { subject, text, html } = letterEmail(locale, {
    channel,
    name: to.name,
    place: [locale === "en" ? to.tenant_en : to.tenant_zh, to.site_name].filter(Boolean).join(" · "),
    count: to.ids.length,
    told: to.shown,
    origin,
    stop,
  });
  const { rows } = await db.execute<{ written: boolean }>(
    sql`select auth.write_letter(${to.membership_id}, ${`{${to.ids.join()}}`}::uuid[], ${uuidv7()}, ${subject}, ${text}, ${html},
      ${`${stop}&now=1`}, ${digestOf(secret)}) as written`,
  );
  return rows[0]?.written === true;
}

/** Writes every letter of a channel that is due. Returns how many. */
async function writeAll(context: TaskContext, channel: Lettered, origin: string): Promise<number> {
  let written = 0;
  for (let after: string | null = null; ; ) {
    const page: Due[] = await due(context, channel, { after });
    for (const to of page) {
      // What is left is found again by the job that begins anew.
      context.signal.throwIfAborted();
      if (await write(context, channel, to, origin)) written += 1;
      after = to.membership_id;
    }
    if (page.length < pageSize) return written;
  }
}

/** Monday is 0; 1970-01-01 was a Thursday. */
const weekdayOf = (day: Day): number => (((dayNumber(day) + 3) % 7) + 7) % 7;
/** Whether letters of a channel go out on a day: the day's on working days, the week's on the first working day since Monday. */
export function goesOut(channel: "daily" | "weekly", day: Day): boolean {
  if (!isWorkingDay(day)) return false;
  if (channel === "daily") return true;
  return !Array.from({ length: weekdayOf(day) }, (_, n) => addDays(day, -n - 1)).some(isWorkingDay);
}

const anything = z.looseObject({});
interface LetterOptions {
  /** Where links of letters lead. */
  origin: string;
  /** There is a server that takes them. Without one none is written: what is unread by the day there is one, that day's letter tells. */
  mails: boolean;
  /** For tests. */
  now?: () => Date;
}
const digest = (channel: "daily" | "weekly", { origin, mails, now = () => new Date() }: LetterOptions): JobTask =>
  jobTask({
    name: `notices.${channel}`,
    schema: anything,
    run: async (_, context) => {
      if (!mails || !goesOut(channel, dayAt(now()))) return;
      // What asked for a letter at once while there was no server comes with the day's.
      const late = channel === "daily" ? await writeAll(context, "mail", origin) : 0;
      const written = late + (await writeAll(context, channel, origin));
      context.log.info({ channel, written }, "letters of notices were written");
    },
  });

export function letterTasks(options: LetterOptions) {
  const { origin, mails } = options;
  /** What asks for a letter at once, all that came together in one. */
  const atOnce = jobTask({
    name: "notices.letter",
    keyed: true,
    schema: z.object({ membershipId: z.uuid() }),
    run: async ({ membershipId }, context) => {
      if (!mails) return;
      for (let tries = 0; tries < triesAtMost; tries += 1) {
        const [to] = await due(context, "mail", { of: membershipId });
        if (!to || (await write(context, "mail", to, origin))) return;
      }
      throw new Error("notices are told by another letter each time");
    },
  });
  return { atOnce, daily: digest("daily", options), weekly: digest("weekly", options) };
}
