import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { describe, expect, it } from "vitest";
import { lines, machineOfKind } from "#app/features/permissions/table.rules.ts";
import pageRoutes from "#app/routes.ts";
import { levelOfRole, memberRoles } from "#db/roles.ts";
import { current } from "#workflows/registry.ts";
import {
  handsOut,
  leadRoles,
  may,
  openIn,
  type Permission,
  reachOf,
  rules,
  type StatefulPermission,
} from "./permissions.ts";
import { apiAccess, pageAccess } from "./access.rules.ts";

const all = Object.keys(rules) as Permission[];
const asked = new Set<string>([
  ...Object.values(apiAccess),
  ...Object.values(pageAccess).flatMap((way: { get?: string; acts?: Record<string, string> }) => [
    ...(way.get ? [way.get] : []),
    ...Object.values(way.acts ?? {}),
  ]),
]);

/** Full paths of the list of pages; a layout and its index are one address. */
function pathsOf(entries: readonly RouteConfigEntry[], above = ""): string[] {
  return entries.flatMap((entry) => {
    const path = entry.path === undefined ? above : `${above}/${entry.path}`;
    return [path || "/", ...pathsOf(entry.children ?? [], path)];
  });
}

describe("the table of permissions", () => {
  it("knows every page and file of the product, and none that is not there", () => {
    expect(Object.keys(pageAccess).sort()).toEqual([...new Set(pathsOf(pageRoutes))].sort());
  });

  it("holds nothing that no way in asks for, and nothing that nobody may", () => {
    expect(all.filter((permission) => !asked.has(permission))).toEqual([]);
    expect(all.filter((permission) => !memberRoles.some((role) => may(role, permission)))).toEqual([]);
  });

  it("names leaves of the object's own machine as states", () => {
    for (const permission of all) {
      const { of, in: states } = rules[permission];
      const machine = machineOfKind(of);
      const leaves = machine ? current[machine].states.map((s) => s.path) : [];
      expect(
        (states ?? []).filter((state) => !leaves.includes(state)),
        permission,
      ).toEqual([]);
      for (const leaf of states ? leaves : [])
        expect(openIn(permission as StatefulPermission, leaf)).toBe(states?.includes(leaf));
    }
  });

  it("says whose objects each of its roles reaches", () => {
    const lost = lines.flatMap((line) =>
      line.roles.filter((role) => reachOf(role, line.of) === null).map((role) => `${line.key} ${role}`),
    );
    expect(lost).toEqual([]);
    expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length);
  });

  it("lets nobody hand out a role beyond their own tenant, but the operator", () => {
    for (const [giver, given] of Object.entries(handsOut)) {
      expect(leadRoles).toContain(giver);
      if (giver === "operator") continue;
      const own = levelOfRole[giver as keyof typeof handsOut];
      // Who audits a sector or the national office is let in by whom they audit, since nobody else knows its people.
      const reached = { site: ["site"], sector: ["site", "sector", "auditor"], national: ["national", "auditor"] }[
        own as "site" | "sector" | "national"
      ];
      for (const role of given) expect(reached, `${giver} ${role}`).toContain(levelOfRole[role]);
    }
  });
});

describe("lists of roles", () => {
  const root = join(import.meta.dirname, "..");
  /** The table, the roles' names in words, and who sees what written a second time, which a check holds the walls to. */
  const home = new Set([
    "request/permissions.ts",
    "domain/role-name.ts",
    "features/isolation/model.server.ts",
    "features/isolation/tricks.server.ts",
  ]);
  const code = (readdirSync(root, { recursive: true }) as string[]).filter(
    (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|paraglide/.test(file) && !home.has(file),
  );

  it("stand in the table alone: no page, use-case or endpoint compares a role by hand", () => {
    const stray =
      /["'](?:site_officer|site_lead|regulator_lead|national_editor|national_director)["']|\brole\s*[!=]==\s*["']/;
    expect(code.length).toBeGreaterThan(300);
    expect(code.filter((file) => stray.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
    expect(stray.test('actor.role === "auditor"')).toBe(true);
  });
});
