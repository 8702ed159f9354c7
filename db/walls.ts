import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { is } from "drizzle-orm";
import { type Backstage, backstageRole, declaredWalls, type Verb } from "./policies.ts";
import { type Level, levelRole, levels, signedInLevels, workerRole } from "./roles.ts";
import * as schema from "./schema/index.ts";

/*
 * What drizzle-kit cannot write: FORCE, column-listed grants, and who may call which function. Stated anew after every
 * migration from the same declarations as the policies, so that the two never drift apart.
 */

const tables = Object.values(schema as Record<string, unknown>)
  .filter((t): t is PgTable => is(t, PgTable))
  .map((t) => getTableConfig(t));

const keyColumns = new Set(["tenant_id", "id", "programme_id", "no"]);

/**
 * Columns a level may touch; without an explicit list all, on update all but the keys, which never change. An insert by
 * drizzle names every column (`default` for the absent ones), so it needs all of them.
 */
function grantedColumns(table: string, verb: Verb, listed: readonly string[] | undefined): string[] {
  const config = tables.find((t) => t.name === table);
  if (!config) throw new Error(`wall declared for unknown table ${table}`);
  const all = config.columns.map((c) => c.name);
  if (listed) {
    const unknown = listed.filter((c) => !all.includes(c));
    if (unknown.length) throw new Error(`wall of ${table} lists unknown columns ${unknown.join(", ")}`);
    return [...listed];
  }
  return verb === "update" ? all.filter((c) => !keyColumns.has(c)) : all;
}

const quoted = (names: readonly string[]) => names.map((n) => `"${n}"`).join(", ");

export interface Grant {
  table: string;
  level: Level;
  verb: Verb;
  columns: string[];
}

/** Every grant the declarations stand for. */
export function declaredGrants(): Grant[] {
  return [...declaredWalls().values()].flatMap(({ table, access }) =>
    Object.entries(access).flatMap(([level, verbs]) =>
      Object.entries(verbs).map(([verb, rule]) => ({
        table,
        level: level as Level,
        verb: verb as Verb,
        columns: grantedColumns(table, verb as Verb, rule.columns),
      })),
    ),
  );
}

export interface BackstageGrant extends Omit<Grant, "level"> {
  who: Backstage;
}
/** As declaredGrants, for the worker; the owner needs none on what is the owner's. */
export function declaredBackstageGrants(): BackstageGrant[] {
  return [...declaredWalls().values()].flatMap(({ table, backstage }) =>
    Object.entries(backstage.worker ?? {}).map(([verb, rule]) => ({
      table,
      who: "worker" as const,
      verb: verb as Verb,
      columns: grantedColumns(table, verb as Verb, rule.columns),
    })),
  );
}

/** Sign-in functions: for anshi_auth alone. */
const authFunctions = [
  "find_login(text)",
  "memberships_of(uuid)",
  "create_session(bytea, uuid, uuid, uuid, timestamptz, timestamptz, text, text)",
  "get_session(bytea)",
  "touch_session(bytea, timestamptz)",
  "delete_session(bytea)",
  "delete_user_sessions(uuid)",
  "delete_expired_sessions()",
  "sessions_of(uuid)",
  "delete_session_by_id(uuid, uuid)",
  "get_token(bytea)",
  "touch_token(bytea)",
  "change_password(uuid, text, bytea)",
  "password_hash_of(uuid)",
  "rename_user(uuid, text)",
  "count_failure(text)",
  "failures(text)",
  "begin_attempt(text[], integer[])",
  "end_attempt(text[], boolean)",
  "take_points(text, integer, integer)",
  "address_known(text, text)",
  "note_refusals(uuid, jsonb)",
  "peek_invitation(bytea)",
  "accept_invitation(bytea, uuid, uuid, text, text)",
  "request_reset(text, bytea, uuid, text, text, text)",
  "peek_reset(bytea)",
  "use_reset(bytea, text)",
  "notify_user(uuid, uuid, text, text, text)",
  "factors_of(uuid, text[])",
  "begin_totp(uuid, text)",
  "totp_of(uuid)",
  "use_totp(uuid, bigint, boolean)",
  "remove_totp(uuid)",
  "passkeys_of(uuid)",
  "find_passkey(text)",
  "add_passkey(text, uuid, bytea, bigint, text[], text, boolean)",
  "use_passkey(text, uuid, bigint)",
  "remove_passkey(uuid, text)",
  "replace_recovery_codes(uuid, bytea[])",
  "use_recovery_code(uuid, bytea)",
  "open_pending(bytea, uuid, uuid, text, text[], text, timestamptz)",
  "get_pending(bytea)",
  "advance_pending(bytea, text)",
  "close_pending(bytea)",
  "mark_session(bytea, text[], timestamptz)",
  "prove_session(bytea, text)",
  "session_proof(bytea)",
  "put_challenge(bytea, text, jsonb, timestamptz)",
  "take_challenge(bytea, text)",
  "hold_form(uuid, bytea, text, jsonb)",
  "held_form(uuid, bytea)",
  "find_identity(text, text, text)",
  "keep_locale(uuid, text)",
  "get_calendar(bytea)",
  "bells(bytea[])",
  "letter_of(bytea)",
  "unsubscribe(bytea, jsonb)",
] as const;
/** What the worker does by the clock: one of them is for sign-in too. */
const sweeping = "delete_expired_sessions()";
/** For the worker alone: the audit's tree, letters on their way out. */
const workerFunctions = [
  "seal_audit()",
  "take_mail(uuid)",
  "settle_mail(uuid, text, text)",
  "letters_due(text, uuid, uuid, integer)",
  "worker_now()",
  "clear_deadlines(jsonb, timestamp with time zone)",
  "tell_deadlines(jsonb, timestamp with time zone)",
  "write_letter(uuid, uuid[], uuid, text, text, text, text, bytea)",
  "sweep_sign_in()",
  "sweep_shares()",
] as const;
/** Functions of a signed-in caller; each answers from the secret it is given. */
const memberFunctions = [
  "my_tokens(text)",
  "my_sites(text)",
  "create_token(text, bytea, uuid, text, text[], timestamptz)",
  "revoke_token(text, uuid)",
  "set_calendar(text, bytea)",
  "my_calendar(text)",
  "members(text)",
  "add_member(text, uuid, uuid, text, text, text, uuid, uuid, text, text, text)",
  "end_membership(text, uuid)",
  "invite(text, bytea, uuid, text, text, uuid, uuid, text, text, text, timestamptz, uuid, text, text, text)",
  "invitations(text)",
  "revoke_invitation(text, uuid)",
  "outbox(text)",
  "send_mail_again(text, uuid)",
  "accounts(text)",
  "switch_account(text, uuid, boolean)",
  "clear_factors(text, uuid)",
  "claim_role(text)",
  "granted_pilots()",
  "audit(text, text, uuid, jsonb)",
  "break_glass_answer(text, uuid, boolean)",
  "break_glass_end(text, uuid)",
  "notify(text, uuid[], uuid, text[], text, text, text, text, text, jsonb, timestamp with time zone, text)",
] as const;
/** For operators. */
const operatorFunctions = [
  "within_reach(text)",
  "closed_accounts(text)",
  "break_glass_ask(uuid, uuid, text, integer)",
  "break_glass_read(uuid, text, integer, uuid)",
] as const;
/** For auditors alone: what a check of the walls found, into their tenant's trail. */
const auditorFunctions = ["audit_isolation(uuid, jsonb)"] as const;
/** For people of a site. */
const siteFunctions = ["survey_ranks(uuid)"] as const;
/** For people of a sector and of its sites. */
const tenantFunctions = ["tenant_version()"] as const;
/** For a sector's office, about its panels. */
const sectorFunctions = [
  "colleagues()",
  "hidden_marks()",
  "panel_standing(uuid)",
  "score_progress(uuid)",
  "score_means(uuid, integer)",
  "person_seated(uuid, uuid)",
  "panel_progress(uuid[])",
  "reseat(uuid, uuid, timestamp with time zone)",
  "invite_expert(bytea, uuid, text, text, uuid, timestamptz, uuid, text, text, text)",
] as const;
/** For members of a panel: at the office, or from outside. */
const panelFunctions = ["panel_pilots()", "marks_unknown(uuid, timestamp with time zone)"] as const;
/** For outside experts: the nominations of their panel, without names where the call says so. */
const expertFunctions = ["panel_nominations()"] as const;
const everyonesFunctions = [
  "claim(text, text)",
  "business_now()",
  "consultation_open(uuid, uuid, uuid)",
  "known_seal(text)",
] as const;

/** Who may call which function of schema auth, by signature; a function not listed is the owner's alone. */
export const declaredFunctionGrants = (): ReadonlyMap<string, readonly string[]> =>
  new Map<string, readonly string[]>([
    ...authFunctions.map((f) => [f, f === sweeping ? ["anshi_auth", workerRole] : ["anshi_auth"]] as const),
    ...workerFunctions.map((f) => [f, [workerRole]] as const),
    ...memberFunctions.map((f) => [f, signedInLevels.map(levelRole)] as const),
    ...auditorFunctions.map((f) => [f, [levelRole("auditor")]] as const),
    ...siteFunctions.map((f) => [f, [levelRole("site")]] as const),
    ...tenantFunctions.map((f) => [f, [levelRole("site"), levelRole("sector")]] as const),
    ...sectorFunctions.map((f) => [f, [levelRole("sector")]] as const),
    ...panelFunctions.map((f) => [f, [levelRole("sector"), levelRole("expert")]] as const),
    ...expertFunctions.map((f) => [f, [levelRole("expert")]] as const),
    ...operatorFunctions.map((f) => [f, [levelRole("operator")]] as const),
    ...everyonesFunctions.map((f) => [f, levels.map(levelRole)] as const),
  ]);

const executeOn = (functions: readonly string[], roles: readonly string[]) =>
  `grant execute on function ${functions.map((f) => `auth.${f}`).join(", ")} to ${roles.join(", ")}`;

/** Statements that put grants and FORCE as declared; idempotent, to be run by the owner inside one transaction. */
export function wallStatements(): string[] {
  const roles = levels.map(levelRole);
  const all = [...roles, workerRole, "anshi_app", "anshi_auth"].join(", ");
  return [
    `revoke all on schema public, auth from public`,
    `revoke all on all tables in schema public, auth from public, ${all}`,
    `revoke all on all sequences in schema public, auth from public, ${all}`,
    `revoke all on all functions in schema auth from public, ${all}`,
    `grant usage on schema public, auth to ${roles.join(", ")}`,
    `grant usage on schema auth to anshi_auth`,
    `grant usage on schema public, auth to ${workerRole}`,
    executeOn(authFunctions, ["anshi_auth"]),
    executeOn([sweeping, ...workerFunctions], [workerRole]),
    executeOn(memberFunctions, signedInLevels.map(levelRole)),
    executeOn(auditorFunctions, [levelRole("auditor")]),
    executeOn(siteFunctions, [levelRole("site")]),
    executeOn(tenantFunctions, [levelRole("site"), levelRole("sector")]),
    executeOn(sectorFunctions, [levelRole("sector")]),
    executeOn(panelFunctions, [levelRole("sector"), levelRole("expert")]),
    executeOn(expertFunctions, [levelRole("expert")]),
    executeOn(operatorFunctions, [levelRole("operator")]),
    executeOn(everyonesFunctions, roles),
    ...[...declaredWalls().values()].flatMap(({ table, reference }) => [
      `alter table "${table}" enable row level security`,
      `alter table "${table}" ${reference ? "no force" : "force"} row level security`,
    ]),
    ...auditedTables().flatMap(auditTriggers),
    ...declaredGrants().map((g) => grantTo(levelRole(g.level), g)),
    ...declaredBackstageGrants().map((g) => grantTo(backstageRole[g.who], g)),
    ...queueStatements(all),
  ];
}

/** Names of the key's columns after the tenant: what tells a row of a table apart. */
const keyOf = (table: string): string[] => {
  const config = tables.find((t) => t.name === table);
  const inline = config?.columns.filter((c) => c.primary).map((c) => c.name) ?? [];
  const composite = config?.primaryKeys.flatMap((k) => k.columns.map((c) => c.name)) ?? [];
  return [...inline, ...composite].filter((c) => c !== "tenant_id");
};
const hasTenant = (table: string) =>
  tables.find((t) => t.name === table)?.columns.some((c) => c.name === "tenant_id") ?? false;

/** Tables whose every change is told to the audit chain. */
export const auditedTables = (): string[] =>
  [...declaredWalls().values()].filter((w) => w.audited && hasTenant(w.table)).map((w) => w.table);

const auditedVerbs = {
  insert: "referencing new table as new_rows",
  update: "referencing old table as old_rows new table as new_rows",
  delete: "referencing old table as old_rows",
} as const;
export const auditTriggerNames = (table: string): string[] =>
  Object.keys(auditedVerbs).map((verb) => `${table}_audit_${verb}`);

/** Triggers that tell the chain what changed, once a statement; put where one is missing, so that no start waits for a lock. */
const auditTriggers = (table: string): string[] =>
  Object.entries(auditedVerbs).map(([verb, rows]) => {
    const name = `${table}_audit_${verb}`;
    const key = keyOf(table)
      .map((c) => `'${c}'`)
      .join(", ");
    return `do $do$ begin
      if not exists (select 1 from pg_trigger where tgrelid = 'public.${table}'::regclass and tgname = '${name}') then
        create trigger ${name} after ${verb} on public.${table} ${rows} for each statement execute function auth.audit_change(${key});
      end if;
    end $do$`;
  });

const grantTo = (role: string, { table, verb, columns }: Pick<Grant, "table" | "verb" | "columns">) =>
  verb === "delete"
    ? `grant delete on "${table}" to ${role}`
    : `grant ${verb} (${quoted(columns)}) on "${table}" to ${role}`;

/** Schema of the job queue; its tables have RLS switched on by their maker, with no policy: for the owner's eyes alone. */
export const queueSchema = "graphile_worker";

/** The queue is the worker's: nobody else may look into its schema, triggers add jobs in the owner's name. */
function queueStatements(everybody: string): string[] {
  return [
    `revoke all on schema ${queueSchema} from public, ${everybody}`,
    ...["tables", "sequences", "functions"].map(
      (kind) => `revoke all on all ${kind} in schema ${queueSchema} from public, ${everybody}`,
    ),
    `grant usage on schema ${queueSchema} to ${workerRole}`,
    `grant select, insert, update, delete on all tables in schema ${queueSchema} to ${workerRole}`,
    `grant usage on all sequences in schema ${queueSchema} to ${workerRole}`,
    `grant execute on all functions in schema ${queueSchema} to ${workerRole}`,
    `revoke insert, update, delete on ${queueSchema}.migrations from ${workerRole}`,
    // Made once, not anew at every start: it would wait for every worker that runs.
    `do $$ declare t name; begin
      for t in select c.relname from pg_class c where c.relnamespace = '${queueSchema}'::regnamespace and c.relrowsecurity
          and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'worker') loop
        execute format('create policy worker on ${queueSchema}.%I to ${workerRole} using (true) with check (true)', t);
      end loop;
    end $$`,
  ];
}
