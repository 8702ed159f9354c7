import { z } from "zod";
import { orNone } from "#app/platform/form-values.ts";
import { objectKinds } from "#app/request/permissions.ts";
import { memberRoles } from "#db/roles.ts";
import { optionalText } from "#app/platform/fields.ts";

/** What the table is filtered by; lives in the address. */
export const permissionsSearch = z.object({
  role: orNone(z.enum(memberRoles)),
  of: orNone(z.enum(objectKinds)),
  state: orNone(optionalText(60)),
});
