/** Chapters 1–4 (范围, 规范性引用文件, 术语和定义, 缩略语) stand in the front matter; those of clauses begin with 5. */
const FRONT_CHAPTERS = 4;

/** `1.2` of the tree is clause `5.2` of the document; annexes keep their letters. */
export function chapterOffset(number: string): string {
  const [first = "", ...rest] = number.split(".");
  return /^\d+$/.test(first) ? [String(Number(first) + FRONT_CHAPTERS), ...rest].join(".") : number;
}

/** Address of an edition where the national office works on it, at a clause. */
export const editingPath = (specificationId: string, clauseId?: string): string =>
  `/national/specifications/${specificationId}${clauseId === undefined ? "" : `?clause=${clauseId}#${clauseAnchor(clauseId)}`}`;

/** Anchor of a clause on its page: `c-5.2.1`. */
export const anchorOf = (number: string): string => `c-${number}`;

/** Anchor of a clause by its id, for links that do not know its number: that follows from its place among the others. */
export const clauseAnchor = (id: string): string => `clause-${id}`;
