import type { MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { search } from "#app/features/home/search.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "#app/ui/button.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import { optionalText } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.home_search_title()} · ${m.identity_product()}` }];

export const loader = pageLoader(
  { at: "/search", search: z.object({ q: optionalText(200) }) },
  async ({ tx, actor, search: { q }, locale }) => ({ q, items: await search(tx, actor, q, locale) }),
);

/** The palette's other face, for those without script. */
export default function Search() {
  const { q, items } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={m.home_search_title()} />
      <Form method="get" className="ui-stack" role="search">
        <TextInput
          type="search"
          name="q"
          label={m.home_search_label()}
          hint={m.home_search_hint()}
          defaultValue={q}
          width="m"
        />
        <div>
          <Button kind="main">{m.home_search_go()}</Button>
        </div>
      </Form>
      {q && items.length === 0 ? <EmptyState title={m.home_search_nothing({ q })} /> : null}
      <ul className="ui-work" aria-label={m.home_search_title()}>
        {items.map((item) => (
          <li key={item.to}>
            <Link to={item.to}>{item.label}</Link>
            <span className="ui-work-subject">{item.kind}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
