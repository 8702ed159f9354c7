import { Secret, TOTP } from "otpauth";

/** What a person's authenticator shows at a moment (milliseconds): it knows the secret and takes RFC 6238 as it stands. */
export const totpCode = (secret: string, at: number): string =>
  new TOTP({ secret: Secret.fromBase32(secret), period: 30, digits: 6, algorithm: "SHA1" }).generate({ timestamp: at });
