import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { isLocale } from "#app/i18n/locale.ts";
import { overwriteGetLocale } from "#app/i18n/paraglide/runtime.js";

// the page says in which language it was written; reading the cookie instead could differ from it, and hydration would fail
overwriteGetLocale(() => {
  const lang = document.documentElement.lang;
  return isLocale(lang) ? lang : "zh-CN";
});

startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});
