import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SheetPage } from "../sheet.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { objects } from "#db/vocabulary.ts";
import { Marks } from "./question-head.tsx";

type Asset = SheetPage["assets"][number];

function objectWord(object: Asset["object"]): string {
  switch (object) {
    case "solution":
      return m.rule_word_object_solution();
    case "equipment":
      return m.rule_word_object_equipment();
    case "service":
      return m.rule_word_object_service();
  }
}
const steps = ["1", "2", "3", "4", "5"].map((value) => ({ value, label: value }));

/** Fields of an asset: a new one, or one that is being changed. */
function AssetForm({ asset, result }: { asset: Asset | null; result: ActionResult | undefined }) {
  const intent = asset ? "changeAsset" : "addAsset";
  const failed = result && !result.ok && result.intent === intent ? result.lastResult : null;
  const typed = (failed?.initialValue ?? {}) as Record<string, string | undefined>;
  const field = (name: keyof Asset) => ({
    name,
    defaultValue: typed[name] ?? (asset ? String(asset[name]) : undefined),
    errors: failed?.error?.[name] ?? undefined,
  });
  return (
    <PostForm className="ui-form" key={asset?.id ?? "new"}>
      {asset ? (
        <>
          <input type="hidden" name="assetId" value={asset.id} />
          <input type="hidden" name="rev" value={asset.rev} />
        </>
      ) : null}
      <TextInput label={m.survey_asset_name()} maxLength={200} required {...field("name")} />
      <Select
        label={m.survey_asset_object()}
        empty={m.survey_choose()}
        required
        choices={objects.map((o) => ({ value: o, label: objectWord(o) }))}
        {...field("object")}
      />
      <TextInput label={m.survey_asset_supplier()} maxLength={200} optional {...field("supplier")} />
      <Checkbox
        name="singleSource"
        label={m.survey_asset_singleSource()}
        hint={m.survey_asset_single_hint()}
        defaultChecked={asset?.singleSource ?? typed["singleSource"] === "on"}
      />
      <Checkbox
        name="replacementTested"
        label={m.survey_asset_replacementTested()}
        hint={m.survey_asset_tested_hint()}
        defaultChecked={asset?.replacementTested ?? typed["replacementTested"] === "on"}
      />
      <div className="grid grid-cols-3 gap-3">
        <Select label={m.survey_asset_c()} empty={m.survey_choose()} required choices={steps} {...field("c")} />
        <Select label={m.survey_asset_i()} empty={m.survey_choose()} required choices={steps} {...field("i")} />
        <Select label={m.survey_asset_a()} empty={m.survey_choose()} required choices={steps} {...field("a")} />
      </div>
      <p className="ui-hint">{m.survey_asset_cia_hint()}</p>
      <TextArea label={m.survey_asset_note()} maxLength={2000} rows={2} optional {...field("note")} />
      {failed?.error?.[""] ? <p className="ui-error">{failed.error[""].join(" ")}</p> : null}
      <div className="ui-form-acts">
        <SubmitButton kind="main" name="intent" value={intent}>
          {asset ? m.survey_asset_save() : m.survey_asset_add()}
        </SubmitButton>
        {asset ? <Link to="?tab=assets">{m.survey_asset_cancel()}</Link> : null}
      </div>
    </PostForm>
  );
}

function columnsFor(editable: boolean): Column<Asset>[] {
  const acts: Column<Asset> = {
    key: "acts",
    head: m.survey_acts(),
    hideHead: true,
    cell: (a) => (
      <div className="ui-acts">
        <Link to={`?tab=assets&asset=${a.id}#asset-form`} preventScrollReset>
          {m.survey_asset_change()}
        </Link>
        <ConfirmDialog
          kind="quiet"
          size="s"
          label={m.survey_asset_remove()}
          title={m.survey_asset_remove_title({ name: a.name })}
          fields={{ intent: "removeAsset", assetId: a.id }}
          confirmLabel={m.survey_asset_remove()}
        />
      </div>
    ),
    text: () => "",
  };
  return [
    { key: "name", head: m.survey_asset_name(), rowHead: true, cell: (a) => a.name },
    {
      key: "object",
      head: m.survey_asset_object(),
      cell: (a) => objectWord(a.object),
      text: (a) => objectWord(a.object),
    },
    {
      key: "supplier",
      head: m.survey_asset_supplier(),
      cell: (a) => (
        <>
          {a.supplier || <None />} {a.singleSource ? <Badge>{m.survey_asset_single()}</Badge> : null}{" "}
          {a.replacementTested ? <Badge>{m.survey_asset_tested()}</Badge> : null}
        </>
      ),
      text: (a) => a.supplier,
    },
    { key: "c", head: m.survey_asset_c(), numeric: true, cell: (a) => a.c },
    { key: "i", head: m.survey_asset_i(), numeric: true, cell: (a) => a.i },
    { key: "a", head: m.survey_asset_a(), numeric: true, cell: (a) => a.a },
    { key: "note", head: m.survey_asset_note(), cell: (a) => a.note || <None />, text: (a) => a.note },
    ...(editable ? [acts] : []),
  ];
}

/** The assets of the system: the site's working list, or what was sealed with the response. */
export function Assets({
  page,
  chosen,
  result,
}: {
  page: SheetPage;
  chosen: string | null;
  result: ActionResult | undefined;
}) {
  const editable = page.mode === "edit";
  const asset = page.assets.find((a) => a.id === chosen) ?? null;
  return (
    <div className="ui-stack">
      <Marks marks={page.marks.filter((k) => k.part === "assets")} />
      <DataTable
        caption={m.survey_assets_title()}
        columns={columnsFor(editable)}
        rows={page.assets}
        rowKey={(a) => a.id}
        empty={{ title: m.survey_assets_empty(), text: m.survey_assets_empty_text() }}
        plain
      />
      {editable ? (
        <Section
          id="asset-form"
          title={asset ? m.survey_asset_change_title({ name: asset.name }) : m.survey_asset_add_title()}
        >
          <AssetForm asset={asset} result={result} />
        </Section>
      ) : null}
    </div>
  );
}
