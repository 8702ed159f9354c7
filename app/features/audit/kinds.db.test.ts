import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "#tests/setup/test-database.ts";
import { auditEntryKinds } from "./audit.schema.ts";

const database = testDatabase();
let root: postgres.Sql;
beforeAll(() => {
  root = postgres(database().superuserUrl, { max: 1, onnotice: () => undefined });
});
afterAll(() => root.end());

/** What the database's functions write into `act`, read off their sources: each says its kind in one of these places. */
const kindsIn = (source: string): string[] =>
  [
    /auth\.note\([^,]+,[^,]+,([^,]+),/g,
    /auth\.note_account\([^,]+,([^,]+),/g,
    /what text := ([^;]+);/g,
    /what not in \(([^)]+)\)/g,
  ].flatMap((place) =>
    [...source.matchAll(place)].flatMap(([, said = ""]) =>
      [...said.matchAll(/'([a-z_]+)'/g)].map(([, kind = ""]) => kind),
    ),
  );

it("every kind of entry that the database writes can be searched for, and no other is offered", async () => {
  const functions = await root<{ source: string }[]>`
    select prosrc as source from pg_proc where pronamespace = 'auth'::regnamespace`;
  const written = new Set(functions.flatMap(({ source }) => kindsIn(source)));
  expect([...written].sort()).toEqual([...auditEntryKinds].sort());
});
