import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { EnvError, readEnv } from "./env.server.ts";

const postgres = { DATABASE_URL: "postgres://a:secret@db/anshi", DATABASE_AUTH_URL: "postgres://b:secret@db/anshi" };

describe("readEnv", () => {
  it("needs nothing: embedded database, demo, this machine only", () => {
    expect(readEnv({})).toMatchObject({
      PORT: 3000,
      DATA_DIR: resolve(".data"),
      LOG_LEVEL: "info",
      embedded: true,
      demo: true,
      listenOn: "127.0.0.1",
      https: false,
      JOBS: "here",
      WEBHOOK_TARGETS: "public",
    });
  });

  it("treats blank as absent", () => {
    expect(readEnv({ PORT: "", DATABASE_URL: "  " })).toMatchObject({ PORT: 3000, embedded: true });
  });

  it("loads no demo into a database of one's own unless asked", () => {
    expect(readEnv(postgres)).toMatchObject({ embedded: false, demo: false, listenOn: "0.0.0.0" });
    expect(readEnv({ ...postgres, ANSHI_DEMO: "1" }).demo).toBe(true);
  });

  it("reduces BASE_URL to its origin", () => {
    expect(readEnv({ BASE_URL: "https://anshi.example:443/" })).toMatchObject({
      BASE_URL: "https://anshi.example",
      https: true,
    });
  });

  it.each([
    ["PORT", { PORT: "web" }],
    ["PORT", { PORT: "70000" }],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
    ["BASE_URL", { BASE_URL: "anshi.example" }],
    ["BASE_URL", { BASE_URL: "https://anshi.example/app" }],
    ["DATABASE_URL", { DATABASE_URL: "mysql://a@b/c", DATABASE_AUTH_URL: "postgres://b@c/d" }],
    ["DATABASE_AUTH_URL", { DATABASE_URL: "postgres://a@b/c" }],
    ["PG_BIN", { PG_BIN: "bin" }],
    ["DATABASE_BACKUP_URL", { DATABASE_BACKUP_URL: "mysql://a@b/c" }],
    ["DATABASE_URL", { DATABASE_OWNER_URL: "postgres://a@b/c" }],
    ["ANSHI_DEMO", { ANSHI_DEMO: "yes" }],
    ["ANSHI_NOW", { ANSHI_NOW: "tomorrow" }],
    ["SMTP_URL", { SMTP_URL: "mail.example" }],
    ["BASE_URL", { SMTP_URL: "smtp://mail.example" }],
    ["MAIL_FROM", { MAIL_FROM: "nobody in particular" }],
    ["OIDC_ISSUER", { OIDC_ISSUER: "http://id.example", OIDC_CLIENT_ID: "a", OIDC_CLIENT_SECRET: "b" }],
    ["MFA_REQUIRED", { MFA_REQUIRED: "1" }],
    ["MFA_REQUIRED", { MFA_REQUIRED: "some" }],
    ["STORAGE_URL", { STORAGE_URL: "/var/files" }],
    ["OIDC_CLIENT_ID", { OIDC_ISSUER: "https://id.example" }],
    ["JOBS", { JOBS: "elsewhere" }],
    ["WEBHOOK_TARGETS", { WEBHOOK_TARGETS: "private" }],
    ["METRICS_TOKEN", { METRICS_TOKEN: "short" }],
  ])("names %s in one line", (name, source) => {
    const attempt = () => readEnv(source);
    expect(attempt).toThrow(EnvError);
    expect(attempt).toThrow(new RegExp(`^${name} .*\\.$`));
  });

  it("asks who leads for a second factor, but for the demonstration on its own database", () => {
    const outside = { DATABASE_URL: "postgres://a@b/c", DATABASE_AUTH_URL: "postgres://b@c/d" };
    expect(
      [
        readEnv({}),
        readEnv({ ANSHI_DEMO: "0" }),
        readEnv({ ...outside, ANSHI_DEMO: "1" }),
        readEnv({ MFA_REQUIRED: "leads" }),
      ].map((env) => env.mfaRequired),
    ).toEqual(["none", "leads", "leads", "leads"]);
  });

  it("does not repeat a password", () => {
    expect(() => readEnv({ DATABASE_URL: "mysql://a:hunter2@b/c" })).toThrow(/^(?!.*hunter2)/s);
  });
});
