import { z } from "zod";

export const certificatePath = z.object({ checkId: z.uuid() });
export const isolationSearch = z.object({ check: z.uuid().optional().catch(undefined) });
