import { z } from "zod";
import { ownOrigin } from "#app/features/identity/mail.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { inLocale } from "#app/i18n/locale.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { notFound } from "#app/platform/errors.ts";
import { verbatim } from "#app/platform/fields.ts";
import { publicLoader } from "#app/request/page.server.ts";
import { withActor } from "#db/client.server.ts";
import { readerOf } from "../calendar.server.ts";
import { daysOf } from "../days.server.ts";
import { feedOf } from "../feed.server.ts";

/** A membership's calendar for whoever has its address: calendar programs sign nobody in. In its person's language. */
export const loader = publicLoader(
  { at: "/calendar/:secret.ics", params: z.object({ secret: verbatim(100) }) },
  async ({ context, params: { secret } }) => {
    const reader = await readerOf(context.db, secret);
    if (!reader) throw notFound({ logMessage: "a calendar's address that nobody has" });
    const { actor, locale } = reader;
    const days = await withActor(context.db.read, actor, (tx) => daysOf(tx, actor, locale === "en" ? "en" : "zh"));
    const name = inLocale(locale, () =>
      m.calendar_name({ place: [pick(actor.tenantName), actor.siteName].filter(Boolean).join(" · ") }),
    );
    const feed = feedOf(days, { name, origin: ownOrigin(context.env), locale, now: actor.now });
    return new Response(feed, {
      headers: {
        "content-type": "text/calendar; charset=utf-8",
        "content-disposition": 'inline; filename="anshi.ics"',
        "cache-control": "private, no-cache",
      },
    });
  },
);
