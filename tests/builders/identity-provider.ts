import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { http, HttpResponse, type HttpResponseResolver, type RequestHandler } from "msw";

/* An identity provider whose answers are not what they should be. A real one stands in `tests/e2e/setup/`. */

export interface SigningKey {
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}
export const newKey = (kid: string): SigningKey => ({ kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) });

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A place at which another answer is given than the right one. */
type Place = "discovery" | "jwks" | "token" | "userinfo";

export class StandInProvider {
  readonly client = { id: "anshi", secret: "a secret between the two of them" };
  /** What it publishes. */
  keys: SigningKey[];
  /** What it signs with; null for not at all. */
  signer: KeyObject | null;
  header: Record<string, unknown> = {};
  claims: Record<string, unknown> = {};
  /** Beside what every description has. */
  description: Record<string, unknown> = {};
  nonce = "";
  /** What was asked for, in order. */
  readonly asked: Place[] = [];
  private readonly instead = new Map<Place, () => Response>();

  constructor(
    readonly issuer: string,
    private readonly person: { email: string },
    key: SigningKey,
  ) {
    this.keys = [key];
    this.signer = key.privateKey;
  }

  /** From now on it signs with another key, and publishes that one alone. */
  turnOver(key: SigningKey): void {
    this.keys = [key];
    this.signer = key.privateKey;
    this.header = { kid: key.kid };
  }
  /** @param answer undefined: the right one again */
  answers(at: Place, answer: (() => Response) | undefined): void {
    if (answer) this.instead.set(at, answer);
    else this.instead.delete(at);
  }

  idToken(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: this.client.id,
      sub: "someone",
      nonce: this.nonce,
      iat: now,
      exp: now + 300,
      email: this.person.email,
      email_verified: true,
      ...this.claims,
    };
    const body = `${part({ alg: "RS256", kid: this.keys[0]?.kid, typ: "JWT", ...this.header })}.${part(claims)}`;
    return `${body}.${this.signer ? createSign("RSA-SHA256").update(body).sign(this.signer).toString("base64url") : ""}`;
  }

  handlers(): RequestHandler[] {
    const { issuer } = this;
    const at =
      (place: Place, right: () => Record<string, unknown>): HttpResponseResolver =>
      () => {
        this.asked.push(place);
        return this.instead.get(place)?.() ?? HttpResponse.json(right());
      };
    return [
      http.get(
        `${issuer}/.well-known/openid-configuration`,
        at("discovery", () => ({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ["RS256"],
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          ...this.description,
        })),
      ),
      http.get(
        `${issuer}/jwks`,
        at("jwks", () => ({
          keys: this.keys.map(({ kid, publicKey }) => ({
            ...publicKey.export({ format: "jwk" }),
            kid,
            alg: "RS256",
            use: "sig",
          })),
        })),
      ),
      http.post(
        `${issuer}/token`,
        at("token", () => ({ access_token: "an access token", token_type: "Bearer", id_token: this.idToken() })),
      ),
      http.get(
        `${issuer}/userinfo`,
        at("userinfo", () => ({ sub: "someone", email: this.person.email, email_verified: true })),
      ),
    ];
  }
}
