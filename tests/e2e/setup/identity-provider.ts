import { once } from "node:events";
import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";

export interface Known {
  email: string;
  verified: boolean;
  amr?: string[];
}

/** A real provider, with forms of its own that take any password. `people` by the name they type. */
export class IdentityProvider {
  readonly people = new Map<string, Known>();
  readonly client = { id: "anshi", secret: "a secret between the two of them" };
  private server: Server | undefined;
  constructor(readonly issuer: string) {}

  async open(redirect: string): Promise<void> {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: this.client.id,
          client_secret: this.client.secret,
          redirect_uris: [redirect],
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      pkce: { required: () => true },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      findAccount: (_ctx: unknown, id: string) => {
        const known = this.people.get(id);
        return known
          ? { accountId: id, claims: () => ({ sub: id, email: known.email, email_verified: known.verified }) }
          : undefined;
      },
      features: { devInteractions: { enabled: true } },
      cookies: { keys: ["a key for tests"] },
      ttl: { Session: 600, Grant: 600, Interaction: 600, AccessToken: 600, IdToken: 600 },
    });
    const answer = provider.callback();
    this.server = createServer((request, response) => void answer(request, response));
    this.server.listen(Number(new URL(this.issuer).port), "127.0.0.1");
    await once(this.server, "listening");
  }
  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server ? this.server.close(() => resolve()) : resolve()));
  }
}
