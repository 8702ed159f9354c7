import type { AnswerValue } from "#db/vocabulary.ts";

/*
 * The sheet as it is being filled in. Every cell that is not known to be saved also lies in the browser's own storage, so
 * that neither a lost connection nor a closed window costs a word. Knows nothing of React; a page subscribes to it.
 */

export interface Cell {
  value: AnswerValue | null;
  note: string;
  evidenceRef: string;
  /** Revision it began from. */
  rev: number;
}
export interface Theirs extends Cell {
  updatedByName: string;
}
type Fields = Pick<Cell, "value" | "note" | "evidenceRef">;
export interface Row extends Cell {
  state: "saved" | "dirty" | "saving" | "conflict" | "refused";
  /** What stood in the revision it began from: a field that differs from it was changed here. */
  base: Fields;
  /** What somebody else saved meanwhile, while the two differ. */
  theirs: Theirs | null;
  /** Why it was refused, by field: it is not sent again before it is changed, and holds back no other. */
  errors?: CellErrors;
}
type CellErrors = Readonly<Record<string, readonly string[]>>;
interface RefusedCell {
  controlCode: string;
  errors: CellErrors;
}
export interface SentCell extends Cell {
  controlCode: string;
}
export type Sent =
  | {
      ok: true;
      saved: { controlCode: string; rev: number }[];
      conflicts: (Theirs & { controlCode: string })[];
      refused: RefusedCell[];
    }
  /** `refused`: every cell that was sent is wrong in itself. */
  | { ok: false; offline: boolean; message: string; refused?: RefusedCell[] };

export interface SheetState {
  state: "idle" | "dirty" | "saving" | "saved" | "failed" | "offline";
  at: Date | null;
  /** Why the last attempt failed, in the reader's language. */
  message: string;
  conflicts: number;
  /** Questions whose answer was refused. */
  refused: number;
}

export interface SheetOptions {
  /** Place in the browser's storage; one a document. */
  key: string;
  cells: ReadonlyMap<string, Cell>;
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null;
  send(cells: readonly SentCell[]): Promise<Sent>;
  /** Milliseconds of quiet before a save, and between attempts without a connection. */
  delay?: number;
  retry?: number;
  now?(): Date;
}

const blank: Fields = { value: null, note: "", evidenceRef: "" };
const empty: Row = { ...blank, rev: 0, state: "saved", base: blank, theirs: null };
const fields = ["value", "note", "evidenceRef"] as const;
const fieldsOf = ({ value, note, evidenceRef }: Fields): Fields => ({ value, note, evidenceRef });

/** Fields in which the two sides of a conflict differ; `mine`: changed here, so that keeping mine writes it. */
export const differing = (row: Row): { field: (typeof fields)[number]; mine: boolean }[] => {
  const { theirs } = row;
  return theirs
    ? fields.filter((f) => row[f] !== theirs[f]).map((field) => ({ field, mine: row[field] !== row.base[field] }))
    : [];
};

/** Theirs with what was changed here written over it, and nothing else. */
const merged = (row: Row, theirs: Theirs): Fields => ({
  value: row.value === row.base.value ? theirs.value : row.value,
  note: row.note === row.base.note ? theirs.note : row.note,
  evidenceRef: row.evidenceRef === row.base.evidenceRef ? theirs.evidenceRef : row.evidenceRef,
});
/** As many cells as one request takes. */
const batch = 40;

const isFields = (v: unknown): v is Fields =>
  typeof v === "object" && v !== null && "note" in v && "value" in v && "evidenceRef" in v;
const isCell = (v: unknown): v is Cell => isFields(v) && "rev" in v;

export class SheetStore {
  private rows: Map<string, Row>;
  private listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  private sheet: SheetState = { state: "idle", at: null, message: "", conflicts: 0, refused: 0 };

  constructor(private readonly options: SheetOptions) {
    this.rows = new Map(
      [...options.cells].map(([code, cell]) => [
        code,
        { ...cell, state: "saved" as const, base: fieldsOf(cell), theirs: null },
      ]),
    );
  }

  /** Takes up what an earlier visit could not save. Call once, in the browser. */
  resume(): void {
    let kept: Record<string, unknown> = {};
    try {
      kept = JSON.parse(this.options.storage?.getItem(this.options.key) ?? "{}") as Record<string, unknown>;
    } catch {
      // unreadable: nothing of it can be saved
    }
    for (const [code, cell] of Object.entries(kept)) {
      if (!isCell(cell)) continue;
      const now = this.get(code);
      if (now.value === cell.value && now.note === cell.note && now.evidenceRef === cell.evidenceRef) continue;
      const base =
        "base" in cell && isFields(cell.base) ? fieldsOf(cell.base) : cell.rev === now.rev ? now.base : blank;
      this.rows.set(code, { ...fieldsOf(cell), rev: cell.rev, state: "dirty", base, theirs: null });
    }
    this.keep();
    if (this.pending().length > 0) this.schedule(0);
    this.tell();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  get(code: string): Row {
    return this.rows.get(code) ?? empty;
  }
  status = (): SheetState => this.sheet;
  private pending(): [string, Row][] {
    return [...this.rows].filter(([, row]) => row.state === "dirty" || row.state === "saving");
  }

  edit(code: string, change: Partial<Pick<Cell, "value" | "note" | "evidenceRef">>): void {
    const { errors: _told, ...row } = this.get(code);
    this.rows.set(code, { ...row, ...change, state: row.state === "conflict" ? "conflict" : "dirty" });
    this.keep();
    this.set({ refused: this.counted("refused") });
    if (!this.busy && this.sheet.state !== "offline") this.set({ state: "dirty" });
    this.tell();
    this.schedule(this.options.delay ?? 700);
  }

  /** Settles a conflict: theirs is taken over, or the fields changed here are written over theirs on purpose. */
  settle(code: string, whose: "mine" | "theirs"): void {
    const row = this.get(code);
    if (!row.theirs) return;
    const { rev } = row.theirs;
    const base = fieldsOf(row.theirs);
    this.rows.set(
      code,
      whose === "theirs"
        ? { ...base, rev, state: "saved", base, theirs: null }
        : { ...merged(row, row.theirs), rev, state: "dirty", base, theirs: null },
    );
    this.keep();
    this.set({ conflicts: this.counted("conflict") });
    this.tell();
    this.schedule(0);
  }

  private schedule(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  /** Sends what is not saved yet. Never throws; what fails stays and is tried again. */
  async flush(): Promise<void> {
    if (this.busy) return;
    const due = this.pending().slice(0, batch);
    if (due.length === 0) return;
    this.busy = true;
    for (const [code, row] of due) this.rows.set(code, { ...row, state: "saving" });
    const sent = new Map(due.map(([code]) => [code, this.get(code)]));
    this.set({ state: "saving" });
    this.tell();
    const answer = await this.options
      .send(
        due.map(([controlCode, { value, note, evidenceRef, rev }]) => ({ controlCode, value, note, evidenceRef, rev })),
      )
      .catch((): Sent => ({ ok: false, offline: true, message: "" }));
    this.busy = false;
    if (answer.ok) this.taken(answer, sent);
    else this.refused(answer, sent);
    this.keep();
    this.tell();
  }

  private taken(answer: Extract<Sent, { ok: true }>, sent: ReadonlyMap<string, Row>): void {
    for (const { controlCode, rev } of answer.saved) {
      const row = this.get(controlCode);
      // typed on meanwhile: the new words go next, from the revision just made
      const written = sent.get(controlCode) ?? row;
      this.rows.set(controlCode, { ...row, rev, base: fieldsOf(written), state: row === written ? "saved" : "dirty" });
    }
    for (const { controlCode, ...theirs } of answer.conflicts) {
      const row = this.get(controlCode);
      const same = row.value === theirs.value && row.note === theirs.note && row.evidenceRef === theirs.evidenceRef;
      this.rows.set(
        controlCode,
        same
          ? { ...row, rev: theirs.rev, state: "saved", base: fieldsOf(theirs), theirs: null }
          : { ...row, state: "conflict", theirs },
      );
    }
    this.setAside(answer.refused, sent);
    const left = this.pending().length > 0;
    this.set({
      state: left ? "dirty" : this.counted("refused") > 0 ? "failed" : "saved",
      at: this.options.now?.() ?? new Date(),
      message: "",
      conflicts: this.counted("conflict"),
      refused: this.counted("refused"),
    });
    if (left) this.schedule(0);
  }
  /** What was refused waits at its place for whoever typed it. What was changed meanwhile is judged anew. */
  private setAside(refused: readonly RefusedCell[], sent: ReadonlyMap<string, Row>): void {
    for (const { controlCode, errors } of refused) {
      const row = this.get(controlCode);
      if (!sent.has(controlCode)) continue;
      this.rows.set(
        controlCode,
        row === sent.get(controlCode) ? { ...row, state: "refused", errors } : { ...row, state: "dirty" },
      );
    }
  }

  private refused(answer: Extract<Sent, { ok: false }>, sent: ReadonlyMap<string, Row>): void {
    const aside = answer.refused ?? [];
    this.setAside(aside, sent);
    const named = new Set(aside.map((r) => r.controlCode));
    for (const [code] of sent) if (!named.has(code)) this.rows.set(code, { ...this.get(code), state: "dirty" });
    this.set({
      state: answer.offline ? "offline" : "failed",
      message: aside.length > 0 ? "" : answer.message,
      refused: this.counted("refused"),
    });
    if (answer.offline) this.schedule(this.options.retry ?? 15_000);
    // Others may wait behind those that were refused.
    else if (aside.length > 0 && this.pending().length > 0) this.schedule(0);
  }

  private counted(state: Row["state"]): number {
    return [...this.rows.values()].filter((r) => r.state === state).length;
  }
  private set(change: Partial<SheetState>): void {
    this.sheet = { ...this.sheet, ...change };
  }
  private keep(): void {
    const open = [...this.rows]
      .filter(([, r]) => r.state !== "saved")
      .map(([code, { value, note, evidenceRef, rev, base }]) => [code, { value, note, evidenceRef, rev, base }]);
    try {
      if (open.length === 0) this.options.storage?.removeItem(this.options.key);
      else this.options.storage?.setItem(this.options.key, JSON.stringify(Object.fromEntries(open)));
    } catch {
      // storage is full or forbidden: the cells still live in the page, and the state tells that they are not saved
    }
  }
  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
