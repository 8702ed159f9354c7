import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { current, menders, optionalEvents, roles } from "./index.ts";

const words = JSON.parse(
  readFileSync(new URL("../app/i18n/messages/zh-CN/workflow.json", import.meta.url), "utf8"),
) as Record<string, string>;

it("names events that its machines have, and leaves each machine something that is owed", () => {
  for (const [machine, optional] of Object.entries(optionalEvents)) {
    const events = Object.keys(current[machine as keyof typeof current].events);
    expect(
      optional.filter((type) => !events.includes(type)),
      machine,
    ).toEqual([]);
    expect(events.length, machine).toBeGreaterThan(optional.length);
  }
});

it("knows of each reason of a project and a pilot who can mend it, people all of them", () => {
  const told = new Set(Object.keys(menders));
  expect([...told].filter((code) => !(code in words))).toEqual([]);
  for (const who of Object.values(menders).flat()) expect(roles).toContain(who);
  // What only an optional event asks, or what the sender alone writes, is nobody else's to mend.
  const senders = new Set([
    "reason_project_both_batches_skipped",
    "reason_project_quota_exceeded",
    "reason_project_suspended_by_national",
    "reason_pilot_midterm_needs_reason",
    "reason_pilot_midterm_result_unknown",
    "reason_pilot_no_new_progress_report",
  ]);
  const left = Object.keys(words).filter((k) => /^reason_(project|pilot)_/.test(k) && !told.has(k) && !senders.has(k));
  expect(left).toEqual([]);
});
