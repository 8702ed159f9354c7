import { createRemixStub } from "@remix-run/testing";
import type { ReactNode } from "react";
import { renderToString } from "react-dom/server";
import type { Locale } from "#app/i18n/locale.ts";
import { inLocale } from "#app/i18n/locale.server.ts";

const future = {
  v3_fetcherPersist: true,
  v3_lazyRouteDiscovery: false,
  v3_relativeSplatPath: true,
  v3_singleFetch: true,
  v3_throwAbortReason: true,
};

/** The stub's router is the browser's and warns of its layout effect on a server; all other complaints of React are failures. */
function withoutRouterWarning<T>(work: () => T): T {
  const { error } = console;
  const complaints: string[] = [];
  console.error = (...words: unknown[]) => {
    const text = words.map(String).join(" ");
    if (!text.includes("useLayoutEffect does nothing on the server")) complaints.push(text);
  };
  try {
    const result = work();
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
    return result;
  } finally {
    console.error = error;
  }
}

/** Draws a component as the server does: inside the framework's router, at an address, in a language. */
export function renderKit(
  node: ReactNode,
  { at = "/", locale = "zh-CN" }: { at?: string; locale?: Locale } = {},
): string {
  const Stub = createRemixStub([{ path: "*", Component: () => <>{node}</> }]);
  return withoutRouterWarning(() =>
    inLocale(locale, () => renderToString(<Stub initialEntries={[at]} future={future} />)),
  );
}

/** The text a reader gets, without marks; for assertions on words. */
export const textOf = (html: string): string =>
  html
    .replace(/<!-- -->/g, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
