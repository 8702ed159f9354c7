import { localeOf } from "#app/i18n/locale.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { asAppError } from "./errors.ts";
import { errorHeaders } from "./http.server.ts";

const escape = (text: string) => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);

/**
 * The page for what goes wrong where no page of the application can be made: the database is away, the request was
 * refused before it reached a route. One file, no script, in the reader's language.
 */
export function plainPage(error: unknown, request: Request, context: { requestId: string; nonce: string }): Response {
  const { status, code } = asAppError(error);
  const locale = localeOf(request);
  const [title, text] = words(status, code).map((message) => escape(message({}, { locale })));
  const reference = escape(m.platform_page_reference({ id: context.requestId }, { locale }));
  const html = `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<style nonce="${context.nonce}">:root{color-scheme:light dark}body{font:16px/1.75 "Noto Sans SC","PingFang SC","Microsoft YaHei",system-ui,sans-serif;max-width:38em;margin:15vh auto;padding:0 24px}h1{font-size:20px}small{opacity:.75}</style></head>
<body><main><h1>${title}</h1><p>${text}</p><p><small>${reference}</small></p></main></body></html>`;
  return new Response(request.method === "HEAD" ? null : html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...errorHeaders(error) },
  });
}

type Words = (inputs: Record<string, never>, options: { locale: "zh-CN" | "en" }) => string;

function words(status: number, code: string): [Words, Words] {
  if (code === "busy") return [m.platform_page_busy_title, m.platform_page_busy_text];
  switch (status) {
    case 403:
    case 405:
      return [m.platform_page_403_title, m.platform_page_403_text];
    case 404:
      return [m.platform_page_404_title, m.platform_page_404_text];
    case 413:
      return [m.platform_page_413_title, m.platform_page_413_text];
    case 429:
      return [m.platform_page_429_title, m.platform_page_429_text];
    case 507:
      return [m.platform_page_507_title, m.platform_page_507_text];
    case 503:
      return [m.platform_page_503_title, m.platform_page_503_text];
    default:
      return [m.platform_page_500_title, m.platform_page_500_text];
  }
}
