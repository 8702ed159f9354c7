import type { LinksFunction, MetaFunction } from "@remix-run/node";
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLoaderData,
  useMatches,
  useRouteLoaderData,
} from "@remix-run/react";
import { type ReactNode, useState } from "react";
import { shellLoader } from "#app/features/home/shell.server.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { useNonce } from "#app/nonce.ts";
import { ErrorPage } from "#app/ui/shell/error-page.tsx";
import { PublicShell } from "#app/ui/shell/public-shell.tsx";
import { Flash, Shell } from "#app/ui/shell/shell.tsx";
import type { RootData, RouteHandle } from "#app/ui/shell/types.ts";
import appSheet from "#app/ui/styles/app.css?url";
import publicSheet from "#app/ui/styles/public.css?url";

export const loader = shellLoader;

export const meta: MetaFunction = () => [{ title: `${m.ui_brand()} ${m.ui_brand_small()}` }];
export const links: LinksFunction = () => [
  {
    rel: "icon",
    href: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230a6079' d='M8 1 14 3.5v4.5c0 3.5-2.5 6-6 7-3.5-1-6-3.5-6-7V3.5z'/%3E%3Cpath fill='none' stroke='%23fff' stroke-width='1.5' d='m5 8 2.2 2.2L11 6'/%3E%3C/svg%3E",
  },
];

/** How the deepest route that says so wants to stand. */
function useFrame(): Required<RouteHandle> {
  const handles = useMatches().map((match) => match.handle as RouteHandle | undefined);
  const frame = handles.findLast((handle) => handle?.frame !== undefined)?.frame ?? "app";
  const script = handles.findLast((handle) => handle?.script !== undefined)?.script ?? frame !== "public";
  return { frame, script };
}

const useRoot = () => useRouteLoaderData<RootData>("root");

/** The document around every page and every error. */
export function Layout({ children }: { children: ReactNode }) {
  const nonce = useNonce();
  const root = useRoot();
  const { frame, script } = useFrame();
  // who comes from the tool by a click keeps its sheet, which holds the smaller one: nothing flashes
  const [first] = useState(frame);
  const sheet = frame === "public" && first === "public" ? publicSheet : appSheet;
  return (
    <html
      lang={root?.locale ?? getLocale()}
      data-theme={root?.theme ?? "system"}
      data-density={root?.density ?? "compact"}
    >
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <Meta />
        <link rel="stylesheet" href={sheet} />
        <Links />
      </head>
      <body>
        {children}
        {script ? (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        ) : null}
      </body>
    </html>
  );
}

function Frame({ root, children }: { root: RootData | undefined; children: ReactNode }) {
  const { frame } = useFrame();
  if (frame === "public") {
    return (
      <PublicShell locale={root?.locale ?? getLocale()} signedIn={Boolean(root?.shell)}>
        {children}
      </PublicShell>
    );
  }
  if (frame === "app" && root?.shell) {
    return (
      <Shell {...root.shell} locale={root.locale} theme={root.theme} density={root.density} flash={root.flash}>
        {children}
      </Shell>
    );
  }
  return (
    <>
      <Flash flash={root?.flash ?? null} />
      {children}
    </>
  );
}

export default function App() {
  const root = useLoaderData<typeof loader>();
  return (
    <Frame root={root}>
      <Outlet />
    </Frame>
  );
}

export function ErrorBoundary() {
  const root = useRoot();
  const { frame } = useFrame();
  const page = <ErrorPage requestId={root?.requestId} />;
  if (frame === "app" && root?.shell) return <Frame root={root}>{page}</Frame>;
  // whoever has no places of their own gets the public ones: an error is no dead end
  return (
    <PublicShell locale={root?.locale ?? getLocale()} signedIn={Boolean(root?.shell)}>
      {page}
    </PublicShell>
  );
}
