import { json, type LoaderFunctionArgs } from "@remix-run/node";
import { getLocale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";

/** Every address without a page: the error boundary says so in the reader's language. */
export function loader({ context }: LoaderFunctionArgs) {
  throw json(
    { code: "not_found", message: translate("error_not_found", {}, getLocale()), requestId: context.requestId },
    { status: 404 },
  );
}
export default function NotFound() {
  return null;
}
