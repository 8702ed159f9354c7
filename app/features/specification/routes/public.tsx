import { Outlet } from "@remix-run/react";
import type { RouteHandle } from "#app/ui/shell/types.ts";

/** Frame of the pages that need no sign-in and no script. */
export const handle = { frame: "public" } satisfies RouteHandle;

export default function Public() {
  return <Outlet />;
}
