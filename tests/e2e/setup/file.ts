import { afterAll } from "vitest";
import { forgetPlaces } from "./pages.ts";
import { forgetPeople } from "./person.ts";
import { closeWindows } from "./visit.ts";

/* Run for each file: they share one world of modules, and leave nothing of theirs in it. */
afterAll(async () => {
  forgetPeople();
  forgetPlaces();
  await closeWindows();
});
