import { Secret, TOTP } from "otpauth";

/* Time-based codes (RFC 6238): six digits, SHA-1, thirty seconds, as every authenticator takes them. */

const period = 30;
const issuer = "Anshi";

export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;
const generator = (secret: string, label = "") =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), period, digits: 6, algorithm: "SHA1" });

/** What an authenticator reads from the QR code. */
export const totpAddress = (secret: string, label: string): string => generator(secret, label).toString();

/** The step of a moment. */
export const stepOf = (at: number): number => Math.floor(at / 1000 / period);

/**
 * The step whose code this is: of now, or one step before or after for clocks that differ (RFC 6238, 5.2). Null when it fits
 * none, or one that was used before or lies before one that was.
 */
export function acceptedStep({
  secret,
  code,
  at,
  lastStep,
}: {
  secret: string;
  code: string;
  at: number;
  lastStep: number;
}): number | null {
  const digits = code.replaceAll(/[\s-]/g, "");
  if (!/^\d{6}$/.test(digits)) return null;
  const delta = generator(secret).validate({ token: digits, timestamp: at, window: 1 });
  if (delta === null) return null;
  const step = stepOf(at) + delta;
  return step > lastStep ? step : null;
}
