import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False on the server and in the first render of the browser, then true: for controls that only a script can serve. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
