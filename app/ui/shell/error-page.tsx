import { isRouteErrorResponse, useLocation, useRouteError } from "@remix-run/react";
import type { ReactNode } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "../button.tsx";
import { ErrorState, NotFound } from "../states.tsx";

/** What our loaders put into a response they throw: a stable code, words in the reader's language, the request's id. */
interface ErrorBody {
  code?: string;
  message?: string;
  requestId?: string;
}

function bodyOf(data: unknown): ErrorBody {
  if (typeof data !== "object" || data === null) return {};
  const body = data as Record<string, unknown>;
  const text = (name: string) => (typeof body[name] === "string" ? { [name]: body[name] } : {});
  return { ...text("code"), ...text("message"), ...text("requestId") };
}

/** The browser could not reach us at all: its fetch failed, or it says that it is off the network. */
function isOffline(error: unknown): boolean {
  // Node has had a navigator since 21, which knows nothing of networks; what failed on the server failed there.
  if (typeof navigator === "undefined" || typeof navigator.onLine !== "boolean") return false;
  return !navigator.onLine || (error instanceof TypeError && /fetch|network|load failed/i.test(error.message));
}

function Again({ children }: { children?: ReactNode }) {
  const { pathname, search } = useLocation();
  return (
    <>
      <LinkButton to={`${pathname}${search}`} kind="main" reload>
        {m.ui_try_again()}
      </LinkButton>
      {children}
    </>
  );
}

const Home = () => (
  <LinkButton to="/" reload>
    {m.ui_to_start()}
  </LinkButton>
);

function titleOf(status: number): string {
  if (status === 409) return m.ui_error_conflict();
  if (status === 413) return m.ui_error_too_large();
  if (status === 429) return m.ui_error_too_many();
  if (status === 503) return m.ui_error_busy();
  return status < 500 ? m.ui_error_refused() : m.ui_error_failed();
}

/** The page shown instead of one that failed. What is not there and what is not for this reader look the same: 404. */
export function ErrorPage({ requestId }: { requestId: string | undefined }) {
  const error = useRouteError();
  if (isRouteErrorResponse(error)) {
    const body = bodyOf(error.data);
    if (error.status === 404 || error.status === 403) return <NotFound />;
    if (error.status === 401) {
      return (
        <ErrorState code={401} title={m.ui_error_signed_out()} text={m.ui_error_signed_out_text()}>
          <LinkButton to="/login" kind="main" reload>
            {m.ui_sign_in()}
          </LinkButton>
        </ErrorState>
      );
    }
    return (
      <ErrorState
        code={error.status}
        title={titleOf(error.status)}
        text={body.message ?? m.ui_error_failed_text()}
        requestId={body.requestId ?? requestId}
      >
        <Again>
          <Home />
        </Again>
      </ErrorState>
    );
  }
  if (isOffline(error)) {
    return (
      <ErrorState title={m.ui_offline()} text={m.ui_offline_text()}>
        <Again />
      </ErrorState>
    );
  }
  return (
    <ErrorState code={500} title={m.ui_error_failed()} text={m.ui_error_failed_text()} requestId={requestId}>
      <Again>
        <Home />
      </Again>
    </ErrorState>
  );
}
