import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Cell, differing, type Sent, type SentCell, SheetStore, type Theirs } from "./sheet-store.ts";

const cell = (note: string, rev = 1): Cell => ({ value: "compliant", note, evidenceRef: "", rev });

function memory() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (k: string) => kept.get(k) ?? null,
    setItem: (k: string, v: string) => void kept.set(k, v),
    removeItem: (k: string) => void kept.delete(k),
  };
}
/** A server with one revision a cell, as the use-case keeps it. */
function server(start: Record<string, Theirs> = {}) {
  const cells = new Map(Object.entries(start));
  const calls: SentCell[][] = [];
  let reachable = true;
  const send = async (list: readonly SentCell[]): Promise<Sent> => {
    calls.push([...list]);
    if (!reachable) throw new TypeError("fetch failed");
    const answer: Extract<Sent, { ok: true }> = { ok: true, saved: [], conflicts: [], refused: [] };
    for (const { controlCode, ...c } of list) {
      if (c.note.includes("☠")) {
        answer.refused.push({ controlCode, errors: { note: ["不被接受"] } });
        continue;
      }
      const now = cells.get(controlCode);
      if ((now?.rev ?? 0) !== c.rev && now) answer.conflicts.push({ controlCode, ...now });
      else {
        cells.set(controlCode, { ...c, rev: c.rev + 1, updatedByName: "我" });
        answer.saved.push({ controlCode, rev: c.rev + 1 });
      }
    }
    return answer;
  };
  return { cells, calls, send, connect: (on: boolean) => void (reachable = on) };
}

describe("the sheet's store", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const settle = () => vi.advanceTimersByTimeAsync(1000);

  it("saves by itself after a pause, once for many keystrokes", async () => {
    const s = server();
    const store = new SheetStore({ key: "k", cells: new Map(), storage: memory(), send: s.send });
    for (const note of ["网", "网关", "网关有", "网关有记录"]) store.edit("A", { note });
    expect(store.status().state).toBe("dirty");
    await settle();
    expect(s.calls).toHaveLength(1);
    expect(s.cells.get("A")?.note).toBe("网关有记录");
    expect(store.get("A")).toMatchObject({ state: "saved", rev: 1 });
  });

  it("keeps every word through a lost connection and a closed window", async () => {
    const s = server({ A: { ...cell("旧"), updatedByName: "我" } });
    const storage = memory();
    s.connect(false);
    const first = new SheetStore({ key: "k", cells: new Map([["A", cell("旧")]]), storage, send: s.send });
    first.edit("A", { note: "断网时写的" });
    first.edit("B", { value: "partial" });
    await settle();
    expect(first.status().state).toBe("offline");
    // another visit, with a connection
    s.connect(true);
    const second = new SheetStore({ key: "k", cells: new Map([["A", cell("旧")]]), storage, send: s.send });
    second.resume();
    await settle();
    expect(s.cells.get("A")?.note).toBe("断网时写的");
    expect(s.cells.get("B")?.value).toBe("partial");
    expect(storage.kept.size).toBe(0);
  });

  it("keeps one bad answer at its place, saves the others, and sends it again once it is changed", async () => {
    const s = server();
    const storage = memory();
    const store = new SheetStore({ key: "k", cells: new Map(), storage, send: s.send });
    store.edit("A", { note: "好" });
    store.edit("B", { note: "☠" });
    store.edit("C", { note: "也好" });
    await settle();
    expect([...s.cells.keys()]).toEqual(["A", "C"]);
    expect(store.get("B")).toMatchObject({ state: "refused", errors: { note: ["不被接受"] }, note: "☠" });
    expect(store.status()).toMatchObject({ state: "failed", refused: 1 });
    expect(storage.kept.get("k")).toContain("☠");
    // Others go on being saved, and it is not sent with them.
    store.edit("A", { note: "更好" });
    await settle();
    expect(s.calls.at(-1)?.map((c) => c.controlCode)).toEqual(["A"]);
    expect(store.status()).toMatchObject({ state: "failed", refused: 1 });
    store.edit("B", { note: "改好" });
    await settle();
    expect(s.cells.get("B")?.note).toBe("改好");
    expect(store.status()).toMatchObject({ state: "saved", refused: 0 });
    expect(storage.kept.size).toBe(0);
  });

  it("sets aside the cells of a request that was refused whole, and sends what was typed meanwhile", async () => {
    const s = server();
    const store = new SheetStore({
      key: "k",
      cells: new Map(),
      storage: memory(),
      send: async (list): Promise<Sent> =>
        list.every((c) => c.note.includes("☠"))
          ? {
              ok: false,
              offline: false,
              message: "未被接受",
              refused: list.map(({ controlCode }) => ({ controlCode, errors: { note: ["不被接受"] } })),
            }
          : s.send(list),
    });
    store.edit("A", { note: "☠" });
    const under = vi.advanceTimersByTimeAsync(701);
    await under;
    store.edit("B", { note: "好" });
    await settle();
    expect(store.get("A").state).toBe("refused");
    expect(s.cells.get("B")?.note).toBe("好");
  });

  it("tries again by itself once the connection is back", async () => {
    const s = server();
    s.connect(false);
    const store = new SheetStore({ key: "k", cells: new Map(), storage: memory(), send: s.send, retry: 5000 });
    store.edit("A", { note: "x" });
    await settle();
    s.connect(true);
    await vi.advanceTimersByTimeAsync(6000);
    expect(store.status().state).toBe("saved");
  });

  it("sends what was typed during a save from the revision that save made", async () => {
    const s = server();
    const store = new SheetStore({
      key: "k",
      cells: new Map(),
      storage: memory(),
      send: async (c) => (await vi.advanceTimersByTimeAsync(0), s.send(c)),
    });
    store.edit("A", { note: "一" });
    const saving = store.flush();
    store.edit("A", { note: "一二" });
    await saving;
    expect(store.get("A")).toMatchObject({ note: "一二", state: "dirty", rev: 1 });
    await settle();
    expect(s.cells.get("A")).toMatchObject({ note: "一二", rev: 2 });
  });

  it("shows both sides of a conflict and writes only what the person chose", async () => {
    const s = server({
      A: { ...cell("他们的", 4), updatedByName: "李四" },
      B: { ...cell("他们的", 2), updatedByName: "李四" },
    });
    const storage = memory();
    const store = new SheetStore({
      key: "k",
      cells: new Map([
        ["A", cell("旧", 3)],
        ["B", cell("旧", 1)],
      ]),
      storage,
      send: s.send,
    });
    store.edit("A", { note: "我的" });
    store.edit("B", { note: "我的" });
    await settle();
    expect(store.status().conflicts).toBe(2);
    expect(store.get("A")).toMatchObject({
      state: "conflict",
      note: "我的",
      theirs: { note: "他们的", updatedByName: "李四" },
    });
    expect(s.cells.get("A")?.note).toBe("他们的");
    store.settle("A", "mine");
    store.settle("B", "theirs");
    await settle();
    expect(s.cells.get("A")).toMatchObject({ note: "我的", rev: 5 });
    expect(store.get("B")).toMatchObject({ note: "他们的", state: "saved", rev: 2 });
    expect(store.status().conflicts).toBe(0);
    expect(storage.kept.size).toBe(0);
  });

  it("keeps mine field by field: what was not changed here takes what is stored, also in another visit", async () => {
    const theirs = {
      value: "partial",
      note: "他们的",
      evidenceRef: "他们的佐证",
      rev: 4,
      updatedByName: "李四",
    } as const;
    const s = server({ A: theirs });
    const storage = memory();
    const known = new Map([["A", cell("旧", 3)]]);
    const first = new SheetStore({ key: "k", cells: known, storage, send: s.send });
    first.edit("A", { note: "我的" });
    await settle();
    expect(differing(first.get("A"))).toEqual([
      { field: "value", mine: false },
      { field: "note", mine: true },
      { field: "evidenceRef", mine: false },
    ]);
    // The page was loaded anew meanwhile: what it began from is remembered with the words.
    const second = new SheetStore({ key: "k", cells: new Map([["A", theirs]]), storage, send: s.send });
    second.resume();
    await settle();
    expect(second.get("A")).toMatchObject({ state: "conflict", note: "我的" });
    second.settle("A", "mine");
    await settle();
    expect(s.cells.get("A")).toMatchObject({ value: "partial", note: "我的", evidenceRef: "他们的佐证", rev: 5 });
  });

  it("keeps the words when the server refuses, and says why", async () => {
    const storage = memory();
    const store = new SheetStore({
      key: "k",
      cells: new Map(),
      storage,
      send: async () => ({ ok: false, offline: false, message: "内容已签封" }),
    });
    store.edit("A", { note: "来不及了" });
    await settle();
    expect(store.status()).toMatchObject({ state: "failed", message: "内容已签封" });
    expect(storage.kept.get("k")).toContain("来不及了");
  });

  it("survives storage that is broken or forbidden", async () => {
    const s = server();
    const broken = {
      getItem: () => "{not json",
      setItem: () => {
        throw new Error("quota");
      },
      removeItem: () => {
        throw new Error("quota");
      },
    };
    const store = new SheetStore({ key: "k", cells: new Map(), storage: broken, send: s.send });
    store.resume();
    store.edit("A", { note: "x" });
    await settle();
    expect(s.cells.get("A")?.note).toBe("x");
  });
});
