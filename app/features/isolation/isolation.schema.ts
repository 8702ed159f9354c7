import { z } from "zod";
import { uuid } from "#app/platform/fields.ts";

export const certificatePath = z.object({ checkId: uuid() });
export const isolationSearch = z.object({ check: uuid().optional().catch(undefined) });
