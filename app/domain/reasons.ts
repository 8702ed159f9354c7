/**
 * How a rule tells why: a message key with parameters and the rows it speaks of, never text.
 * Pages turn it into words in the reader's language and into links; guards and the API pass it on as data.
 */
export type ReasonRef = {
  kind:
    | "control"
    | "answer"
    | "asset"
    | "risk"
    | "measure"
    | "indicator"
    | "pilot"
    | "site"
    | "chapter"
    | "section"
    | "clause"
    | "lesson"
    | "report"
    | "score"
    | "budget"
    | "finding"
    | "milestone"
    | "plan"
    | "sector";
  id: string;
};
export type Reason = {
  /** Message key `rule_<feature>_<code>` of app/i18n/messages/<locale>/rules.json. */
  key: `rule_${string}`;
  /** Values for the message. A parameter named like a word list (dimension, object, …) holds a code, translated when shown. */
  params: Readonly<Record<string, string | number>>;
  /** `blocking` stops the next step; `warning` is shown only. */
  severity: "blocking" | "warning";
  refs: readonly ReasonRef[];
};

export function reason(
  severity: Reason["severity"],
  key: Reason["key"],
  params: Reason["params"] = {},
  refs: readonly ReasonRef[] = [],
): Reason {
  return { key, params, severity, refs };
}
/** One reason for many rows: `count` is set, and nothing is returned for an empty list. */
export function reasonFor(
  severity: Reason["severity"],
  key: Reason["key"],
  kind: ReasonRef["kind"],
  ids: readonly string[],
  params: Reason["params"] = {},
): Reason[] {
  if (ids.length === 0) return [];
  return [
    reason(
      severity,
      key,
      { count: ids.length, ...params },
      ids.map((id) => ({ kind, id })),
    ),
  ];
}
export const isBlocking = (r: Reason): boolean => r.severity === "blocking";
