import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "./platform/env.server.ts";

/* What a start tells the person in front of it; the log has its own lines. */

/** A line of what is being done. */
export function say(phase: string): void {
  process.stdout.write(`· ${phase}\n`);
}

interface DemoAccount {
  email: string;
  password: string;
  role: string;
  tenant: string | null;
  site: string | null;
}

/** Address, sign-in accounts, how to stop: what the start ends with. */
export function announce(env: Env, port: number, operator: string | null): void {
  const lines = ["", `Anshi 安试 is ready: ${env.BASE_URL ?? `http://localhost:${port}`}`];
  const file = join(env.DATA_DIR, "demo-accounts.json");
  if (env.demo && existsSync(file)) {
    const accounts = JSON.parse(readFileSync(file, "utf8")) as DemoAccount[];
    const shown = accounts.filter((one, i) => accounts.findIndex(({ role }) => role === one.role) === i);
    const width = Math.max(...shown.map(({ email }) => email.length), 5);
    lines.push("", `One sign-in account of each role (all ${accounts.length}: ${file}):`);
    for (const one of shown)
      lines.push(
        `  ${one.email.padEnd(width)}  ${one.password}  ${[one.role, one.tenant, one.site].filter(Boolean).join(" · ")}`,
      );
  }
  if (operator !== null) lines.push("", operator);
  if (env.demo && env.mfaRequired === "none")
    lines.push(
      "",
      "The demonstration asks for no second factor (MFA_REQUIRED=none); elsewhere leads, directors and operators need one.",
    );
  if (env.SMTP_URL === undefined)
    lines.push(
      "",
      "No mail server is set (SMTP_URL): e-mails are held, in the log and on the operator's page /settings/outbox.",
    );
  if (env.TRUST_PROXY > 0 && env.BASE_URL === undefined)
    lines.push(
      "",
      "A proxy stands before it (TRUST_PROXY) and BASE_URL is not set: the proxy must pass the Host that people use, or every form is refused. Better set BASE_URL to the address that people use.",
    );
  if (env.listenOn === "127.0.0.1")
    lines.push("", "Only this machine can reach it; HOST=0.0.0.0 opens it to the network.");
  lines.push("", "To stop: Ctrl-C", "");
  process.stdout.write(lines.join("\n"));
}
