import { levels } from "#db/roles.ts";
import { declaredGrants } from "#db/walls.ts";
import { type Attack, judge, type Outcome, type Step } from "./engine.ts";
import type { Bystander, Field } from "./field.ts";
import { type Attacker, columnsOf, mayRead, mayWrite, sequences, type TableShape, tables } from "./model.ts";

/*
 * Statements that go round SELECT, INSERT, UPDATE and DELETE: COPY, LOCK TABLE, sequences, and statements that one role
 * prepares and another runs. Every table × everybody.
 */

/** A member, a level's role without a secret, or a login role as it stands. */
interface Who {
  name: string;
  login: "app" | "auth";
  level: Attacker["level"] | null;
  secret: string;
  attacker: Attacker | null;
}
const everybody = (field: Field): Who[] => [
  ...[...field.members, ...field.pretenders.filter((p) => p.name.endsWith("no secret"))].map(
    (a): Who => ({ name: a.name, login: "app", level: a.level, secret: a.secret, attacker: a }),
  ),
  { name: "anshi_app", login: "app", level: null, secret: "", attacker: null },
  { name: "anshi_auth", login: "auth", level: null, secret: "", attacker: null },
];
const step = (w: Who, sql: string, copy?: Step["copy"]): Step => ({
  level: w.level,
  secret: w.secret,
  sql,
  ...(copy ? { copy } : {}),
});
const quoted = (names: readonly string[]) => names.map((n) => `"${n}"`).join(", ");
/** No right to it, or not under row security (PostgreSQL's word for COPY FROM): anything later means that it had begun. */
const notBegun = (o: Outcome): string | null => (o.code === "0A000" ? null : judge.refused(o));
const beyond = (a: Attacker, table: string) => `not coalesce(${mayRead(a, table)}, false)`;

/** COPY reads under policies, writes under none (so PostgreSQL refuses it), and reaches the server's files for nobody. */
function copies(w: Who, t: TableShape): Attack[] {
  const base = { group: "copy", role: w.name, login: w.login } as const;
  const name = `public."${t.name}"`;
  const seen = w.level === null ? [] : columnsOf(t.name, w.level, "select");
  const files = [`to '/tmp/attack'`, `to program 'cat'`, `from '/etc/passwd'`, `from program 'id'`];
  const list: Attack[] = [
    ...files.map(
      (where): Attack => ({
        ...base,
        name: `copy ${t.name} ${where}`,
        steps: [step(w, `copy ${name} ${where}`)],
        won: judge.refused,
      }),
    ),
    { ...base, name: `copy ${t.name} from stdin`, steps: [step(w, `copy ${name} from stdin`, "in")], won: notBegun },
  ];
  if (w.attacker === null || seen.length === 0)
    return [
      ...list,
      {
        ...base,
        name: `copy ${t.name} to stdout`,
        steps: [step(w, `copy ${name} to stdout`, "out")],
        won: judge.refused,
      },
    ];
  const granted = columnsOf(t.name, w.attacker.level, "insert");
  return [
    ...list,
    {
      ...base,
      name: `copy ${t.name} to stdout`,
      steps: [
        step(w, `select count(*) as n from ${name} where ${mayRead(w.attacker, t.name)}`),
        step(w, `copy ${name} (${quoted(seen)}) to stdout`, "out"),
      ],
      won: judge.noMoreThanBefore,
    },
    {
      ...base,
      name: `copy what is not theirs of ${t.name} to stdout`,
      steps: [step(w, `copy (select 1 from ${name} where ${beyond(w.attacker, t.name)}) to stdout`, "out")],
      won: judge.noRows,
    },
    ...(granted.length > 0
      ? [
          {
            ...base,
            name: `copy ${t.name} (columns they may write) from stdin`,
            steps: [step(w, `copy ${name} (${quoted(granted)}) from stdin`, "in")],
            won: notBegun,
          },
        ]
      : []),
  ];
}

const lockModes = [
  "access share",
  "row share",
  "row exclusive",
  "share update exclusive",
  "share",
  "share row exclusive",
  "exclusive",
  "access exclusive",
];
const deletes = new Set(
  declaredGrants()
    .filter((g) => g.verb === "delete")
    .map((g) => `${g.table}.${g.level}`),
);
/**
 * A level may lock a table only where PostgreSQL cannot part it from a right it needs: DELETE has no columns, and whoever
 * holds it on the table may lock it in any mode (LOCK, Notes). Rights given by column carry no lock at all.
 */
const mayLock = (table: string, level: Attacker["level"] | null): boolean =>
  level !== null && deletes.has(`${table}.${level}`);

const locks = (w: Who, t: TableShape): Attack[] =>
  mayLock(t.name, w.level)
    ? []
    : lockModes.map((mode) => ({
        name: `lock ${t.name} in ${mode} mode`,
        group: "lock",
        role: w.name,
        login: w.login,
        steps: [step(w, `lock table public."${t.name}" in ${mode} mode nowait`)],
        won: judge.refused,
      }));

/** A sequence counts all tenants' rows: nobody reads it, moves it or winds it back. */
function counters(w: Who): Attack[] {
  const base = { group: "sequence", role: w.name, login: w.login } as const;
  // setval is undone by no rollback: a value out of bounds tells that the right was there, and moves nothing.
  const asks = (s: string) => [
    `select nextval('${s}')`,
    `select setval('${s}', 0)`,
    `select currval('${s}')`,
    `select last_value from ${s}`,
    `select pg_get_sequence_data('${s}')`,
    `alter sequence ${s} restart`,
    `drop sequence ${s} cascade`,
  ];
  return [
    ...sequences.flatMap((s) =>
      asks(s).map(
        (sql): Attack => ({
          ...base,
          name: sql,
          steps: [step(w, sql)],
          won: sql.includes("pg_get_sequence_data") ? told : judge.refused,
        }),
      ),
    ),
    {
      ...base,
      name: "values of sequences in pg_sequences",
      steps: [step(w, "select count(*) as n from pg_sequences where last_value is not null")],
      won: judge.noRows,
    },
    { ...base, name: "the last value of any sequence", steps: [step(w, "select lastval()")], won: judge.fails },
    {
      ...base,
      name: "a sequence of one's own",
      steps: [step(w, "create temporary sequence attack")],
      won: judge.fails,
    },
  ];
}
/** Newer servers answer with a row of nulls to who may not ask. */
const told = (o: Outcome): string | null =>
  o.code === null && /\d/.test(o.text) ? `it told ${o.text.slice(0, 60)}` : null;

/** Two whose statements the attacker might run: one of their own level, whose plan stays valid, and one of another. */
function victims(field: Field, a: Attacker, table: string): Bystander[] {
  const readers = [...field.others, ...field.members].filter(
    (m) => m.secret !== a.secret && columnsOf(table, m.level, "select").length > 0,
  );
  const peers = readers.filter((m) => m.level === a.level);
  const peer = peers.find((m) => m.who.tenantId !== a.who?.tenantId) ?? peers[0];
  const other = readers.find((m) => m.level !== a.level);
  return [peer, other].filter((m) => m !== undefined);
}

/** What another prepared on this connection, and ran, shows the attacker what is the attacker's own and no more. */
function prepared(field: Field, a: Attacker, t: TableShape): Attack[] {
  const name = `public."${t.name}"`;
  const own = (sql: string): Step => ({ level: a.level, secret: a.secret, sql });
  const may = columnsOf(t.name, a.level, "select").length > 0;
  const select = `prepare left_over as select count(*) as n from ${name} where ${beyond(a, t.name)}; execute left_over`;
  const base = { group: "prepared", role: a.name, login: "app" } as const;
  return victims(field, a, t.name).flatMap((v) => {
    // A prepared statement outlives the savepoint that an attack is undone by: the last one's goes first.
    const theirs = (sql: string): Step => ({ level: v.level, secret: v.secret, sql });
    const list: Attack[] = [
      {
        ...base,
        name: `run what ${v.name} prepared over ${t.name}`,
        steps: [theirs(`deallocate all; ${select}`), own("execute left_over")],
        won: judge.noRows,
      },
    ];
    if (may)
      list.push({
        ...base,
        name: `have what they prepared over ${t.name} run by ${v.name}, and run it again`,
        steps: [own(`deallocate all; ${select}`), theirs("execute left_over"), own("execute left_over")],
        won: judge.noRows,
      });
    if (mayLock(t.name, v.level))
      list.push({
        ...base,
        name: `run the delete that ${v.name} prepared over ${t.name}`,
        steps: [
          theirs(`deallocate all; prepare left_over as delete from ${name}`),
          own(may ? `select count(*) as n from ${name} where ${mayWrite(a, t.name)}` : "select 0 as n"),
          own("execute left_over"),
        ],
        won: judge.noMoreThanBefore,
      });
    return list;
  });
}

/** Everything of this file. */
export function statementAttacks(field: Field): Attack[] {
  const all = everybody(field);
  return [
    ...all.flatMap((w) => tables.flatMap((t) => [...copies(w, t), ...locks(w, t)])),
    ...all.flatMap(counters),
    ...all.flatMap((w) =>
      w.attacker === null ? [] : tables.flatMap((t) => prepared(field, w.attacker as Attacker, t)),
    ),
  ];
}

/** Levels and tables where DELETE brings a lock along: told by the test, so that one more does not go unseen. */
export const lockable = (): string[] =>
  tables.flatMap((t) => levels.filter((l) => mayLock(t.name, l)).map((l) => `${t.name} by ${l}`));
