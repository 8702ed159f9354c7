import { batchWord, wordIn } from "./marks.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { SearchInput, Select } from "#app/ui/inputs.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import type { PilotsQuery } from "../pilots.view.server.ts";
import type { PilotWords } from "./pilot-table.tsx";

/** Names of the parameters that narrow the list. */
export const filterNames = ["q", "stage", "health", "batch", "direction"];

export function PilotFilters({ words, query }: { words: PilotWords; query: Jsonify<PilotsQuery> }) {
  const active = [
    ...(query.q ? [{ name: "q", label: query.q }] : []),
    ...(query.stage ? [{ name: "stage", label: wordIn(words.stages, query.stage) }] : []),
    ...(query.health ? [{ name: "health", label: wordIn(words.healths, query.health) }] : []),
    ...(query.batch ? [{ name: "batch", label: batchWord(query.batch) }] : []),
    ...(query.direction ? [{ name: "direction", label: wordIn(words.dimensions, query.direction) }] : []),
  ];
  const batches = [1, 2].map((n) => ({ value: String(n), label: batchWord(n) }));
  return (
    <FilterBar label={m.pilots_filter()} names={filterNames} active={active}>
      <SearchInput name="q" label={m.pilots_search()} defaultValue={query.q} />
      <Select
        name="stage"
        label={m.pilots_stage()}
        choices={words.stages}
        empty={m.pilots_all()}
        defaultValue={query.stage ?? ""}
        key={`s${query.stage}`}
      />
      <Select
        name="health"
        label={m.pilots_health()}
        choices={words.healths}
        empty={m.pilots_all()}
        defaultValue={query.health ?? ""}
        key={`h${query.health}`}
      />
      <Select
        name="batch"
        label={m.pilots_batch()}
        choices={batches}
        empty={m.pilots_all()}
        defaultValue={query.batch ? String(query.batch) : ""}
        key={`b${query.batch}`}
      />
      <Select
        name="direction"
        label={m.pilots_direction()}
        choices={words.dimensions}
        empty={m.pilots_all()}
        defaultValue={query.direction ?? ""}
        key={`d${query.direction}`}
      />
    </FilterBar>
  );
}
