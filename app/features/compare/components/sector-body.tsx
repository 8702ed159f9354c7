import { Form } from "@remix-run/react";
import type { ComparisonFilter } from "#app/features/compare/compare.schema.ts";
import {
  Dimensions,
  IndicatorPart,
  LikeWithLike,
  MadeOf,
  ReplaceablePart,
  sizeWord,
  type View,
} from "./sector-compare.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { Button } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { EmptyState } from "#app/ui/states.tsx";

type Filter = Jsonify<ComparisonFilter>;

/** What is put side by side; a GET form, so that it is in the address. */
function Picks({ view, filter }: { view: View; filter: Filter }) {
  const of = (value: string | number | undefined) => ({ defaultValue: value === undefined ? "" : String(value) });
  return (
    <Form method="get" className="ui-form" preventScrollReset aria-label={m.compare_pick()}>
      <Select
        key={`batch-${filter.batch}`}
        name="batch"
        label={m.compare_batch()}
        empty={m.compare_all()}
        choices={[
          { value: "1", label: m.compare_batch_1() },
          { value: "2", label: m.compare_batch_2() },
        ]}
        {...of(filter.batch)}
      />
      <Select
        key={`stage-${filter.stage}`}
        name="stage"
        label={m.compare_stage()}
        empty={m.compare_all()}
        choices={view.words.stages}
        {...of(filter.stage)}
      />
      <Select
        key={`grade-${filter.grade}`}
        name="grade"
        label={m.compare_grade()}
        empty={m.compare_all()}
        choices={[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: m.compare_grade_n({ n }) }))}
        {...of(filter.grade)}
      />
      <Select
        key={`size-${filter.size}`}
        name="size"
        label={m.compare_size()}
        empty={m.compare_all()}
        choices={["small", "medium", "large"].map((value) => ({ value, label: sizeWord(value) }))}
        {...of(filter.size)}
      />
      <Select
        key={`direction-${filter.direction}`}
        name="direction"
        label={m.compare_direction()}
        empty={m.compare_all()}
        choices={view.words.dimensions}
        {...of(filter.direction)}
      />
      <Select
        key={`indicator-${filter.indicator}`}
        name="indicator"
        label={m.compare_indicator()}
        empty={m.compare_no_indicator()}
        choices={view.indicators.map((i) => ({ value: i.id, label: `${i.code} ${i.name}` }))}
        {...of(filter.indicator)}
      />
      <Checkbox
        key={`awaiting-${filter.awaiting}`}
        name="awaiting"
        value="yes"
        label={m.compare_awaiting()}
        hint={m.compare_awaiting_hint()}
        defaultChecked={filter.awaiting === "yes"}
      />
      <Button>{m.compare_apply()}</Button>
    </Form>
  );
}

/** A sector's pilots: what is picked, and what they show. */
export function SectorBody({ view, filter }: { view: View; filter: Filter }) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <Picks view={view} filter={filter} />
      <div className="ui-stack min-w-0">
        {view.headline ? <p className="text-16 font-semibold">{view.headline}</p> : null}
        {view.pilots === 0 ? (
          <EmptyState
            title={m.compare_empty_title()}
            text={
              Object.values(filter).some((v) => v !== undefined) ? m.compare_empty_filtered() : m.compare_empty_text()
            }
          />
        ) : (
          <>
            <Dimensions view={view} />
            <MadeOf view={view} />
            <LikeWithLike view={view} />
            <IndicatorPart view={view} awaiting={filter.awaiting === "yes"} />
            <ReplaceablePart view={view} />
          </>
        )}
      </div>
    </div>
  );
}
