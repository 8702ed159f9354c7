import { describe, expect, it } from "vitest";
import { methodsAt } from "./methods.rules.ts";

describe("what an address takes", () => {
  it.each([
    ["/", "GET HEAD OPTIONS POST"],
    ["/_root.data", "GET HEAD OPTIONS POST"],
    ["/login", "GET HEAD OPTIONS POST"],
    ["/LOGIN/", "GET HEAD OPTIONS POST"],
    ["/tasks", "GET HEAD OPTIONS"],
    ["/tasks.data", "GET HEAD OPTIONS"],
    ["/passkey.json", "OPTIONS POST"],
    ["/settings", "GET HEAD OPTIONS POST"],
    ["/settings/profile", "GET HEAD OPTIONS POST"],
    ["/pilots/01890000-0000-7000-8000-000000000000", "GET HEAD OPTIONS POST"],
    ["/projects/x/risk-report.pdf", "GET HEAD OPTIONS"],
    ["/healthz", "GET HEAD OPTIONS"],
    ["/api/v1/projects/x/events", "OPTIONS POST"],
    ["/api/v1/projects/x/survey/responses/y", "GET HEAD OPTIONS PUT"],
    ["/api/v1/me", "GET HEAD OPTIONS"],
  ])("%s: %s", (path, methods) => expect(methodsAt(path)?.join(" ")).toBe(methods));

  it.each(["/nothing", "/api/v1/nothing", "/pilots/a/b/c", "/healthzx"])("%s is known to nobody", (path) =>
    expect(methodsAt(path)).toBeNull(),
  );
});
