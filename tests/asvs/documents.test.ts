import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packedLimits } from "#app/features/evidence/evidence.rules.ts";
import { allowed } from "#app/features/identity/attempts.server.ts";
import { contextWords, longest, shortest } from "#app/features/identity/password.rules.ts";
import { leadRoles } from "#app/request/permissions.ts";
import { idleHours, sessionHours } from "#app/request/session.server.ts";
import { retryAfter } from "#app/features/webhooks/webhooks.rules.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { doorLimits } from "#app/platform/door.server.ts";
import { BODY_LIMITS } from "#app/platform/http.server.ts";
import { poolSize } from "#db/client.server.ts";

const text = readFileSync(new URL("../../deploy/SECURITY.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");

it("deploy/SECURITY.md has the figures that the code has", () => {
  const env = readEnv({});
  const said = [
    `argon2id, ${shortest} to ${longest} characters`,
    `${allowed.account} failures an account, ${allowed.address} an address`,
    `${allowed.totp} failures a person, ${allowed.address} an address`,
    `${allowed.link} attempts an address, ${allowed.reset} e-mails an account`,
    `ends ${idleHours} hours after its last request and ${sessionHours} hours after it began`,
    `${sessionHours} hours is the longest`,
    `closed after ${doorLimits.headersMs / 1000} s, 408`,
    `after ${doorLimits.bodyGraceMs / 1000} s each second must have brought ${doorLimits.bodyBytesPerSecond} bytes on average, else 408; ${doorLimits.requestMs / 1000} s at most`,
    `between two requests | closed after ${doorLimits.idleMs / 1000} s`,
    `nothing moves either way | closed after ${doorLimits.silentMs / 1000} s`,
    `${doorLimits.connections} connections, see below`,
    `| ${doorLimits.headers}, 16 kB together |`,
    `A body may have ${BODY_LIMITS.text / 1024 / 1024} MB`,
    `\`UPLOAD_MAX_MB\` (${env.UPLOAD_MAX_MB}) a file`,
    `\`UPLOAD_QUOTA_MB\` (${env.UPLOAD_QUOTA_MB}) a site`,
    `at most ${packedLimits.entries} entries, ${packedLimits.bytes / 1024 / 1024} MB`,
    `${poolSize} read, ${poolSize} write, ${Math.ceil(poolSize / 3)} sign-in connections`,
    `${retryAfter.length === 7 ? "eight" : retryAfter.length + 1} attempts over a day`,
    leadRoles.map((role) => `\`${role}\``).join(", "),
    ...contextWords,
  ];
  expect(said.filter((one) => !text.includes(one))).toEqual([]);
});
