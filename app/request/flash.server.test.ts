import { expect, it } from "vitest";
import { flashCookie, readFlash } from "./flash.server.ts";

const of = (cookie: string) => new Request("http://anshi.example/", { headers: { cookie } });
const flash = { tone: "done", text: "已保存; «x»" } as const;

it("over TLS the message is bound to this host, and one that a neighbour planted is not shown", () => {
  const set = flashCookie(flash, true);
  expect(set).toMatch(/^__Host-anshi-flash=[^;]+; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  expect(readFlash(of(set.split(";")[0] ?? ""), true)).toEqual(flash);
  const planted = flashCookie(flash, false).split(";")[0] ?? "";
  expect(readFlash(of(planted), false)).toEqual(flash);
  expect(readFlash(of(planted), true)).toBeNull();
});
