import { asc, sql } from "drizzle-orm";
import { sites } from "./schema/tenancy.ts";

/** What orders a site among others: its division (those without one last), its name by code points, its code. */
export const registerKey = sql`coalesce(${sites.divisionCode}, '~') collate "C", ${sites.name} collate "C", ${sites.code}`;
/** One order of sites wherever they are listed. */
export const inRegisterOrder = [
  sql`coalesce(${sites.divisionCode}, '~') collate "C"`,
  sql`${sites.name} collate "C"`,
  asc(sites.code),
];
