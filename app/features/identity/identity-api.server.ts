import { z } from "zod";
import { memberRoles } from "#db/roles.ts";
import type { Api } from "#app/request/api.server.ts";

const meSchema = z.object({
  person: z.object({ email: z.string(), name: z.string() }),
  membership: z.object({
    id: z.string(),
    role: z.enum(memberRoles),
    tenant: z.object({
      id: z.string(),
      kind: z.enum(["sector", "national", "institution", "platform"]),
      code: z.string(),
      nameZh: z.string(),
      nameEn: z.string(),
    }),
    site: z.object({ id: z.string(), name: z.string() }).nullable(),
  }),
  scopes: z.array(z.string()),
  /** Business clock of the programme. */
  now: z.string(),
});

/** Who a token stands for. */
export function identityApi(api: Api): void {
  api.route({
    at: "GET /me",
    name: "getMe",
    summary: "The membership in which this token acts",
    tag: "identity",
    response: meSchema,
    run: async ({ actor }) => ({
      person: { email: actor.email, name: actor.name },
      membership: {
        id: actor.membershipId,
        role: actor.role,
        tenant: {
          id: actor.tenantId,
          kind: actor.tenantKind,
          code: actor.tenantCode,
          nameZh: actor.tenantName.zh,
          nameEn: actor.tenantName.en,
        },
        site: actor.siteId === null ? null : { id: actor.siteId, name: actor.siteName },
      },
      scopes: [...(actor.scopes ?? [])],
      now: actor.now.toISOString(),
    }),
  });
}
