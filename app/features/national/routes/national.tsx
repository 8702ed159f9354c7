import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { refusalText } from "#app/request/refused.ts";
import { Batches } from "#app/features/national/components/batches.tsx";
import { CreateProgramme } from "#app/features/national/components/create-programme.tsx";
import { ConsultationDays, Disclosure } from "#app/features/national/components/disclosure.tsx";
import { PassOn } from "#app/features/national/components/pass-on.tsx";
import { Matrix } from "#app/features/national/components/matrix.tsx";
import { Adoption, Specifications, Waiting } from "#app/features/national/components/specifications.tsx";
import { nationalAction } from "../national.actions.server.ts";
import { disclosureView, nationalView, programmeStart } from "../national.view.server.ts";
import { lessonsToPassOn } from "#app/features/pilots/national-lessons.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section, Split } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

export const meta: MetaFunction = () => [{ title: `${m.national_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ at: "/national" }, async ({ tx, actor, locale }) => {
  const view = await nationalView(tx, actor, locale);
  if (!view) return { view: null, lessons: null, disclosure: null, beginning: programmeStart(actor) };
  const [lessons, disclosure] = await Promise.all([
    lessonsToPassOn(tx, actor, view.programmeId),
    disclosureView(tx, actor, locale),
  ]);
  return { view, lessons, disclosure, beginning: null };
});

export const action = nationalAction;

export default function National() {
  const { view, lessons, disclosure, beginning } = useLoaderData<typeof loader>();
  const result = useResult();
  if (beginning) return <CreateProgramme beginning={beginning} result={result} />;
  if (!view || !lessons) return <EmptyState title={m.national_none()} text={m.national_none_text()} />;
  const failure = refusalText(result);
  return (
    <>
      <PageHeader
        title={m.national_title()}
        of={view.programme}
        state={
          view.late > 0 ? (
            <StatusMark status="late">{m.national_late_count({ count: view.late })}</StatusMark>
          ) : (
            <StatusMark status="done">{m.national_late_none()}</StatusMark>
          )
        }
        version={m.national_as_of({ day: view.today })}
      >
        <LinkButton to="/compare">{m.national_compare()}</LinkButton>
      </PageHeader>
      {result?.ok && result.notice ? <Notice tone="done" title={result.notice} live /> : null}
      {failure ? <Notice tone="late" title={failure} live /> : null}
      <Section title={m.national_matrix()} note={m.national_matrix_note()}>
        <Matrix view={view} />
      </Section>
      <Split side={<Waiting view={view} />}>
        <Specifications view={view} />
      </Split>
      <Batches view={view} result={result} />
      <PassOn lessons={lessons} programmeId={view.programmeId} />
      <Adoption view={view} />
      {disclosure ? <ConsultationDays view={disclosure} result={result} /> : null}
      {disclosure ? <Disclosure view={disclosure} result={result} /> : null}
    </>
  );
}
