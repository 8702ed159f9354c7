import { Hono } from "hono";
import type { RequestContext } from "./platform/context.server.ts";

/** The JSON API under /api/v1: the same use-cases as the pages. Handlers find the request's context as `c.env`. */
export const apiApp = new Hono<{ Bindings: RequestContext }>();
