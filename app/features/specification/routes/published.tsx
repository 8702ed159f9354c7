import { specificationPath } from "#app/domain/hrefs.ts";
import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { publicLoader } from "#app/request/page.server.ts";
import { EditionMark } from "#app/features/specification/components/cover.public.tsx";
import { listPublic } from "#app/features/specification/published.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { pickCamel } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { translate } from "#app/i18n/translate.server.ts";
import { EmptyState } from "#app/ui/states.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";

/** Needs no sign-in and no script. */
export const handle = { frame: "public" } satisfies RouteHandle;

export const meta: MetaFunction = () => [
  { title: m.specification_list_title() },
  { name: "description", content: m.specification_list_text() },
];

export const loader = publicLoader({ at: "/specifications" }, async ({ tx, locale }) =>
  (await listPublic(tx)).map((s) => ({
    id: s.id,
    number: s.number,
    href: specificationPath(s.number),
    title: pickCamel(s, "title", locale),
    state: s.state,
    mark: translate(`specification_mark_${s.state}`, {}, locale),
    published: s.publishedAt ? formatDate(s.publishedAt) : null,
    effective: s.effectiveOn,
    until: s.state === "consultation" ? s.consultTo : null,
  })),
);

export default function Published() {
  const rows = useLoaderData<typeof loader>();
  return (
    <>
      <h1>{m.specification_list_title()}</h1>
      <p className="ui-hint">{m.specification_list_text()}</p>
      {rows.length === 0 ? (
        <EmptyState title={m.specification_list_empty()} text={m.specification_list_empty_text()} />
      ) : (
        <ul className="ui-cover-list">
          {rows.map((s) => (
            <li key={s.id}>
              <a href={s.href}>
                <strong>{s.number}</strong> {s.title}
              </a>
              <span className="ui-cover-facts">
                <EditionMark state={s.state} word={s.mark} />
                {s.published ? <span>{m.specification_published_on({ day: s.published })}</span> : null}
                {s.effective ? <span>{m.specification_effective_on({ day: s.effective })}</span> : null}
                {s.until ? <span>{m.specification_comments_until({ day: s.until })}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
