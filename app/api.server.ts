import { Hono } from "hono";
import type { ApiEnv } from "./features/identity/api.server.ts";

/** The JSON API under /api/v1: the same use-cases as the pages. Handlers find the request's context as `c.get("context")`. */
export const apiApp = new Hono<ApiEnv>();
