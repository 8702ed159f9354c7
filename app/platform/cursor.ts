import { z } from "zod";
import { badCursor } from "./errors.ts";
import { isUnfit } from "./fields.ts";

/*
 * Where a page of a list ended, handed to the client as one opaque word and taken back. It names its list and order, so that
 * one of another list, or of the same list sorted otherwise, is refused instead of leading to a place that nobody meant.
 */

const longest = 300;
const pack = (list: string, place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([list, ...place])).toString("base64url");

/** @param list name and order of the list, `pilots:-due` @param place what the list is sorted by, of the last row shown */
export const writeCursor = (list: string, place: readonly (string | number)[]): string => pack(list, place);

/**
 * The place in a cursor that `writeCursor` made for the same list.
 * @throws badCursor for anything else: forged, cut, of another list, or holding what no row can
 */
export function readCursor<T extends z.ZodType<readonly (string | number)[]>>(
  list: string,
  cursor: string,
  shape: T,
): z.output<T> {
  if (cursor.length > longest) throw badCursor({ logMessage: "cursor longer than any of ours" });
  const [named, ...place] = unpacked(cursor);
  const parsed = shape.safeParse(place);
  const known = named === list && parsed.success && pack(list, place) === cursor;
  if (!known || place.some((value) => typeof value === "string" && isUnfit(value)))
    throw badCursor({ logMessage: `cursor of ${list}` });
  return parsed.data;
}

function unpacked(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** A moment in a cursor: ISO 8601 in UTC, of a year that rows can have. */
export const moment = () => z.iso.datetime().refine((s) => /^(?:19|20|21)/.test(s));
