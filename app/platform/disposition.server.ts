import { nameOf } from "./multipart.server.ts";

/*
 * The file name beside bytes: Content-Disposition as RFC 6266 (4.1) and RFC 8187 (3.2.1) write it. The package of that name
 * refuses languages with a region («zh-CN») up to 1.0, and later ones want a newer Node.
 */

/** RFC 9110, 5.6: a token or a quoted string, with blanks where senders put them. */
const parameter = /^\s*;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/s;
const extended = /^([\w!#$%&+^`{}~-]+)'[A-Za-z0-9-]*'((?:[\w!#$&+.^`|~-]|%[0-9A-Fa-f]{2})*)$/;

/** «» where there is none, or one that cannot be read. `filename*` wins over `filename`, wherever it stands. */
export function dispositionName(header: string | null): string {
  const found = new Map<string, string>();
  let rest = (header ?? "").slice(0, 4096).replace(/^\s*[^;]*/, "");
  for (let next = parameter.exec(rest); next; next = parameter.exec(rest)) {
    rest = rest.slice(next[0].length);
    const name = next[1]?.toLowerCase() ?? "";
    if (!found.has(name)) found.set(name, next[2]?.replaceAll(/\\(.)/gs, "$1") ?? next[3] ?? "");
  }
  // Not allowed and often sent: the bytes of a name as they are, which Node hands on as Latin-1.
  return decoded(found.get("filename*")) ?? nameOf(found.get("filename") ?? "");
}

function decoded(value: string | undefined): string | null {
  const [, charset = "", coded = ""] = extended.exec(value ?? "") ?? [];
  if (charset === "") return null;
  const bytes = Buffer.from(
    coded.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
    "latin1",
  );
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
