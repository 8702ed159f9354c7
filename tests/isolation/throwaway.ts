import postgres from "postgres";
import { ensureTestPostgres } from "#db/embedded/test-postgres.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { buildWorld } from "#tests/builders/world.ts";
import { layField } from "./field.ts";
import { visitors } from "./operations.ts";
import { runOperations, type Tally } from "./operations-run.ts";
import { everyone, populate } from "./populate.ts";

/** Operations on a world made for them and thrown away: they hold locks and need a superuser's eyes, so no database of anybody's. */
export async function operationsAside(
  operations: number,
  seed: number,
  progress: (tally: Tally) => void,
): Promise<Tally> {
  const server = await ensureTestPostgres();
  const database = new URL(server.urls.app).pathname.slice(1);
  const superuserUrl = server.superuserUrl(database);
  const superuser = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
  try {
    await migrate({ ownerUrl: server.urls.owner });
    await loadCatalogue({ ownerUrl: server.urls.owner });
    const world = await buildWorld({ name: database, urls: server.urls, superuserUrl, drop: async () => undefined });
    try {
      await populate(world);
      await superuser.unsafe("analyze");
      const field = await layField(world.db, everyone(world), Number.POSITIVE_INFINITY);
      return await runOperations(superuser, visitors(field), { operations, seed, progress });
    } finally {
      await world.db.close();
    }
  } finally {
    await superuser.end({ timeout: 5 });
    await server.stop();
  }
}

/** What was made and what came of it, in lines. */
export const toldOf = (t: Tally): string[] => [
  `${t.operations} operations made up: ${t.ran} ran, ${t.refused} refused, ${t.failed} failed on a key, a check or their own nonsense`,
  ...[...t.byKind]
    .sort()
    .map(([kind, n]) => `  ${kind.padEnd(10)}${String(n.made).padStart(9)} made${String(n.ran).padStart(9)} ran`),
];
