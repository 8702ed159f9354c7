import { expect, it } from "vitest";
import { dispositionName } from "./disposition.server.ts";

it.each([
  ["a token", "attachment; filename=a.txt", "a.txt"],
  ["in quotes", 'attachment; filename="a b.txt"', "a b.txt"],
  ["quoted pairs", 'attachment; filename="a \\"b\\".txt"', 'a "b".txt'],
  ["blanks round the sign", 'attachment ; filename = "a.txt"', "a.txt"],
  ["RFC 8187", "attachment; filename*=UTF-8''%E8%AE%B0%E5%BD%95.txt", "记录.txt"],
  ["with a language, in any case", "ATTACHMENT; FILENAME*=utf-8'zh-CN'%E8%AE%B0%E5%BD%95.txt", "记录.txt"],
  [
    "the extended one wins, wherever it stands",
    "attachment; filename*=UTF-8''%E8%AE%B0.txt; filename=\"x.txt\"",
    "记.txt",
  ],
  ["ISO 8859-1", "attachment; filename*=iso-8859-1'en'%A3%20rates.txt", "£ rates.txt"],
  ["GBK", "attachment; filename*=GBK''%BC%C7%C2%BC.txt", "记录.txt"],
  [
    "a coded one that cannot be read, and a plain one",
    "attachment; filename*=UTF-8''%FF%FE; filename=plain.txt",
    "plain.txt",
  ],
  ["a path of Windows", 'attachment; filename="C:\\\\a\\\\b.txt"', "C:\\a\\b.txt"],
  ["bytes of UTF-8", `attachment; filename="${Buffer.from("记录.txt").toString("latin1")}"`, "记录.txt"],
  ["no name", "attachment", ""],
  ["no header", null, ""],
  ["nonsense", ";;;=", ""],
])("a name given as %s", (_how, header, name) => expect(dispositionName(header)).toBe(name));
