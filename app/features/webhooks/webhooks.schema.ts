import { z } from "zod";
import { oneOrMany } from "#app/platform/form-values.ts";
import { optionalText, text, uuid } from "#app/platform/fields.ts";
import { machineIds } from "#db/schema/workflow.ts";

/** Why an address is refused as it is written; null when it may be tried. Where it leads is asked at every delivery. */
export function addressFault(
  value: string,
  anyTarget: boolean,
): "error_webhook_url" | "error_webhook_https" | "error_webhook_credentials" | null {
  if (!URL.canParse(value)) return "error_webhook_url";
  const url = new URL(value);
  if (!(url.protocol === "https:" || (anyTarget && url.protocol === "http:"))) return "error_webhook_https";
  if (url.username !== "" || url.password !== "") return "error_webhook_credentials";
  return url.hostname === "" ? "error_webhook_url" : null;
}

export const newEndpointSchema = z.object({
  url: text(2000),
  description: optionalText(200),
  events: z.preprocess(oneOrMany, z.array(z.enum(machineIds, { error: "error_field_choice" })).max(machineIds.length)),
});
export type NewEndpoint = z.output<typeof newEndpointSchema>;

export const endpointSchema = z.object({ endpointId: uuid() });
export const deliverySchema = z.object({ deliveryId: uuid() });
