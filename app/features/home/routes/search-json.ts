import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { search } from "#app/features/home/search.server.ts";
import { taking } from "#app/request/asker.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { optionalText } from "#app/platform/fields.ts";

const find = pageLoader(
  { at: "/search.json", search: z.object({ q: optionalText(200) }) },
  async ({ tx, actor, search: { q }, locale }) => ({ items: await search(tx, actor, q, locale) }),
);

/** For the palette: what was found, as plain JSON. */
export const loader = taking(find.takes, async (args: LoaderFunctionArgs) =>
  json(await find(args), { headers: { "Cache-Control": "no-store" } }),
);
