import { useActionData } from "@remix-run/react";
import type { ActionResult } from "./page.server.ts";

/** What the last act of this page came to; undefined before one. Every action answers with it (`page.server.ts`). */
export const useResult = useActionData as () => ActionResult | undefined;
