import { lookup as resolveName, type LookupAddress, type LookupOptions } from "node:dns";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Webhook } from "standardwebhooks";
import { type Answer, askedRest } from "./webhooks.rules.ts";
import { addressFault } from "./webhooks.schema.ts";

/*
 * One POST to an address that somebody outside chose. It may name, or be made to name, machines that only we can reach
 * (SSRF): so the address is judged where the connection is made, after the name was resolved, and no redirect is followed.
 */

export type Targets = "public" | "any";
type Resolve = (host: string, done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void) => void;
export interface Message {
  url: string;
  /** Also the receiver's key against repeats. */
  id: string;
  body: string;
  secrets: readonly string[];
}
export interface SendOptions {
  targets: Targets;
  now: Date;
  signal: AbortSignal;
  timeoutMs?: number;
  /** Names to addresses; the system's unless a test has its own. */
  resolve?: Resolve;
}

const patienceMs = 10_000;
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** Whether an address, as text, belongs to the public internet: RFC 6890 and its registries, mapped forms unwrapped. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== "unicast") return false;
  // Of IPv6 only 2000::/3 is handed out as global unicast (RFC 4291, IANA); the rest is reserved or means something old.
  return address.kind() === "ipv4" || address.match(globalUnicast);
}

const refusal = () => Object.assign(new Error("not a public address"), { code: "REFUSED_TARGET" });
const systemResolve: Resolve = (host, done) => resolveName(host, { all: true, verbatim: true }, done);

/** The literal address in a URL's host, or null for a name. */
const literalOf = (hostname: string): string | null => {
  const bare = hostname.replace(/^\[|\]$/g, "");
  return ipaddr.isValid(bare) ? bare : null;
};

/** Resolves for the connection itself, so that what is judged is what is connected to. One bad address condemns the name. */
function guardedLookup({ targets, resolve = systemResolve }: SendOptions): LookupFunction {
  return (host, options: LookupOptions, done) =>
    resolve(host, (error, found) => {
      const [first] = found ?? [];
      if (error || !first) done(error ?? Object.assign(new Error("no address"), { code: "ENOTFOUND" }), "", 4);
      else if (targets === "public" && !found.every((one) => isPublicAddress(one.address))) done(refusal(), "", 4);
      else if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
}

/** Headers of Standard Webhooks: https://www.standardwebhooks.com. Every secret in force signs. */
function headersOf({ id, body, secrets }: Message, now: Date): Record<string, string> {
  return {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Anshi-Webhooks/1",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(" "),
  };
}

/** Whether a new endpoint's address names, as it stands, a place that is not public. Names are asked at delivery. */
export const namesPrivatePlace = (url: string): boolean => {
  const literal = literalOf(new URL(url).hostname);
  return literal !== null && !isPublicAddress(literal);
};

/**
 * Sends once. Waits `timeoutMs` (10 s) in all; what is answered beyond its head is not read.
 * @throws only `options.signal`'s reason, when the process is stopping
 */
export async function send(message: Message, options: SendOptions): Promise<Answer> {
  const { targets, signal, timeoutMs = patienceMs, now } = options;
  signal.throwIfAborted();
  if (addressFault(message.url, targets === "any") !== null) return { error: "refused_target" };
  const url = new URL(message.url);
  // A literal address is connected to without any lookup.
  if (targets === "public" && namesPrivatePlace(message.url)) return { error: "refused_target" };
  const late = AbortSignal.timeout(timeoutMs);
  const payload = Buffer.from(message.body);
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const request = (url.protocol === "https:" ? https : http).request(
        url,
        {
          method: "POST",
          agent: false,
          lookup: guardedLookup(options),
          signal: AbortSignal.any([signal, late]),
          maxHeaderSize: 16_384,
          headers: { ...headersOf(message, now), "content-length": payload.length },
        },
        (response) => {
          const status = response.statusCode ?? 0;
          resolve({ status, restMs: askedRest(status, response.headers["retry-after"], new Date()) });
          response.destroy();
        },
      );
      request.on("error", reject);
      // Node closes a connection that is switched to another protocol (101) without an answer and without an error.
      request.on("close", () => reject(new Error("closed without an answer")));
      request.end(payload);
    });
  } catch (error) {
    signal.throwIfAborted();
    return { error: late.aborted ? "timeout" : kindOf(error) };
  }
}

function kindOf(error: unknown): "refused_target" | "dns" | "tls" | "connection" {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (code === "REFUSED_TARGET") return "refused_target";
  if (/^(ENOTFOUND|EAI_|ENODATA)/.test(code)) return "dns";
  return /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/.test(code)
    ? "tls"
    : "connection";
}
