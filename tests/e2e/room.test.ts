import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { visibleText } from "./setup/html.ts";
import { Newcomer, OwnProduct } from "./setup/own-product.ts";
import { until } from "./setup/until.ts";

/*
 * A disk of a few megabytes under DATA_DIR: a file system in memory, which only root may mount. Elsewhere these are left out
 * and say so.
 */

const operator = { email: "operator@office.example", password: "first word of the operator" };
const products: OwnProduct[] = [];
const isMounted = (product: OwnProduct) => spawnSync("mountpoint", ["-q", product.dataDir]).status === 0;
function onDisk(megabytes: number): OwnProduct {
  const product = new OwnProduct();
  products.push(product);
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=711`, "tmpfs", product.dataDir]);
  return product;
}
/** Adds to a file until there is no room: what was free a moment ago may be the database's by now, and then it ends early. */
function fillUp(filling: string): void {
  const { bavail, bsize } = statfsSync(dirname(filling));
  try {
    appendFileSync(filling, Buffer.alloc(bavail * bsize));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
const canMount = isMounted(onDisk(1));
if (!canMount)
  process.stdout.write("Nothing can be mounted here (it wants root): the tests of a disk without room are left out.\n");
afterAll(async () => {
  for (const product of products) {
    await product.stop();
    if (isMounted(product)) spawnSync("umount", ["-l", product.dataDir]);
    await product.remove();
  }
});

describe.skipIf(!canMount)("a disk without room", () => {
  it("stops a first start with one line that says how much is needed, and no rest of it keeps the next from starting", async () => {
    const small = onDisk(40);
    const said = await small.start({ ANSHI_DEMO: "1" }).then(
      () => "started",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(said).toMatch(
      /There is no room left on the disk of \S+ or of the database\. The demonstration needs about \d+ MB; make room and start again/,
    );
    expect(said).not.toContain("    at ");
    spawnSync("mount", ["-o", "remount,size=400m", small.dataDir]);
    await small.start({});
    await small.stop();
  });

  it("that fills while it runs refuses what is written with 507, says so at /readyz, and is well again when there is room", async () => {
    const product = onDisk(400);
    await product.start({
      MFA_REQUIRED: "none",
      ANSHI_OPERATOR_EMAIL: operator.email,
      ANSHI_OPERATOR_PASSWORD: operator.password,
    });
    const boss = new Newcomer(operator.email, product);
    expect((await boss.post("/login", { intent: "signIn", ...operator, next: "/" })).status).toBe(302);
    const readiness = async () => {
      const answer = await fetch(`${product.url}/readyz`);
      return { status: answer.status, ...((await answer.json()) as { checks?: Record<string, unknown> }) };
    };
    expect((await readiness()).status).toBe(200);
    const filling = join(product.dataDir, "filling");
    fillUp(filling);
    await until("/readyz says that the disk is full", async () => {
      const { status, checks } = await readiness();
      return status === 503 && /full/.test(String(checks?.["disk"]));
    });
    // What fits into pages that the database has already is taken, and the rest refused. The database gives room back
    // as it goes (its log, files of a sort), and that is filled again before each.
    const statuses: number[] = [];
    const taken: string[] = [];
    for (let n = 0; n < 500 && statuses.filter((status) => status === 507).length < 5; n += 1) {
      fillUp(filling);
      const code = `T${String.fromCharCode(65 + Math.floor(n / 26), 65 + (n % 26))}`;
      const answer = await boss.post("/?index", {
        intent: "createTenant",
        code,
        kind: "sector",
        nameZh: `部门${n}${"很".repeat(80)}`,
        nameEn: `Sector ${n}`,
      });
      statuses.push(answer.status);
      if (answer.status === 200) taken.push(code);
      else
        expect([
          answer.status === 507 ? "" : visibleText(answer.text).slice(0, 1500),
          visibleText(answer.text).includes("存储空间已满"),
          answer.text.includes(`value="Sector ${n}"`),
        ]).toEqual(["", true, true]);
    }
    expect([...new Set(statuses)].toSorted()).toEqual([200, 507]);
    // The database may have found a little room again since.
    expect((await readiness()).checks).toMatchObject({ database: "ok", disk: expect.stringMatching(/^full/) });
    rmSync(filling);
    await until("/readyz is well again", async () => (await readiness()).status === 200);
    expect(
      (
        await boss.post("/?index", {
          intent: "createTenant",
          code: "LAST",
          kind: "sector",
          nameZh: "最后",
          nameEn: "Last",
        })
      ).status,
    ).toBe(200);
    const page = (await boss.get("/?lng=en")).text;
    expect([...taken, "LAST"].filter((code) => !page.includes(code))).toEqual([]);
  });
});
