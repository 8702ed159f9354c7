import type postgres from "postgres";
import { complaintsAgainst } from "#db/catalogue-lint.server.ts";
import { expectedExpressions } from "#db/catalogue.server.ts";

/**
 * What is wrong with the walls of a database, the declared expressions asked of the server anew; none means sound.
 * @param sql a connection that may create policies: the owner's
 */
export const allComplaints = async (sql: postgres.Sql): Promise<string[]> =>
  complaintsAgainst(sql, await expectedExpressions(sql));
