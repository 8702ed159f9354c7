import { randomBytes } from "node:crypto";
import type { Actor } from "#app/request/actor.ts";
import { openSessions } from "#app/request/session.server.ts";
import { pilotsPage, pilotsQuery } from "#app/features/pilots/pilots.view.server.ts";
import { withActor } from "#db/client.server.ts";
import { benchDatabase } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "session";

/*
 * What it costs a request to ask who sends it: the list of 50 pilots by the product's own use-case, for somebody already
 * known, and the same after looking up the cookie's session or the API's token. The database asks once more in each
 * statement, whatever we believe; that share is in `rls`.
 */
export async function run(): Promise<BenchRow[]> {
  const b = await benchDatabase(20, 1000);
  try {
    const sessions = openSessions(b.db, false);
    const tenants = b.tenants.slice(0, 20);
    const cookies = await Promise.all(tenants.map(async (t) => (await b.member(t, "regulator")).secret));
    const tokens = await Promise.all(
      tenants.map(async (t) => (await b.member(t, "regulator", `ans_${randomBytes(20).toString("hex")}`)).secret),
    );
    const known = await Promise.all(cookies.map(async (secret) => (await sessions.find(secret))?.actor ?? fail()));
    let turn = 0;
    const one = <T>(of: readonly T[]): T => of[(turn += 1) % of.length] ?? fail();
    const query = pilotsQuery.parse({});
    const list = (actor: Actor) => withActor(b.db.read, actor, (tx) => pilotsPage(tx, actor, query, 50));
    const [bare, cookie, token] = await sideBySide(
      [
        { name: "known", once: () => list(one(known)) },
        { name: "cookie", once: async () => list((await sessions.find(one(cookies)))?.actor ?? fail()) },
        { name: "token", once: async () => list((await sessions.findToken(one(tokens))) ?? fail()) },
      ],
      { rounds: 15, milliseconds: 500 },
    );
    const figure = (of = bare) =>
      `${Math.round(of?.perSecond ?? 0)} against ${Math.round(bare?.perSecond ?? 0)} a second`;
    const note = "one list of 50 pilots; on a page one check serves all its lists";
    return [
      {
        name: "lists with the session looked up by its cookie over the same for somebody known",
        figure: figure(cookie),
        ratio: cookie?.ratio ?? Number.NaN,
        note,
      },
      {
        name: "lists with the API's token looked up over the same for somebody known",
        figure: figure(token),
        ratio: token?.ratio ?? Number.NaN,
        note,
      },
    ];
  } finally {
    await b.stop();
  }
}
function fail(): never {
  throw new Error("nobody is known by this secret");
}
