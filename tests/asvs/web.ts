import { met, notApplicable, notMet, partly, setting, test } from "./types.ts";

const guard = "tests/e2e/guard.test.ts";
const web = "app/platform/web.server.test.ts";
const judge = "app/platform/guard.server.test.ts";
const evidence = "tests/e2e/evidence.test.ts";
const rules = "app/features/evidence/evidence.rules.test.ts";
const carried = test(
  guard,
  "pages, errors and what machines read: policy with a nonce of its own, no inline script without it",
);
const everyAnswer = test(
  web,
  "says of every answer that nobody may keep it, frame it or read it from another origin, unless its maker said otherwise",
);
const foreign = test(guard, "on any page or endpoint, by any method, whatever the sender claims");
const flash = test(
  "app/request/flash.server.test.ts",
  "over TLS the message is bound to this host, and one that a neighbour planted is not shown",
);
const noWebSocket = "There are no WebSockets in production.";
const noGraphQl = "There is no GraphQL.";

/** V3 to V5: what browsers are told, how the API speaks, what becomes of files. */
export const pages = [
  met(
    "V3.2.1",
    1,
    "Answers are not shown in a context they are not for",
    [
      everyAnswer,
      test(evidence, "is added without script, listed beside the answer, and comes back as it was, to be saved"),
    ],
    "What is no page is sandboxed by its policy; files are attachments.",
  ),
  met(
    "V3.2.2",
    1,
    "Text is shown as text",
    [
      test(
        "tests/e2e/bad-input.test.ts",
        "emoji, rare Han and HTML are stored and shown as they were typed; NUL is refused",
      ),
    ],
    "React; the one inline script (`verify.public.tsx`) is a constant under a nonce.",
  ),
  met(
    "V3.3.1",
    1,
    "Cookies are Secure and say so in their names",
    [
      flash,
      test("app/ui/shell/shell.test.tsx", "is kept only when the address asks for something we have"),
      test("app/i18n/locale.test.ts", "is kept in the cookie when the address names it"),
      setting("app/request/session.server.ts", '(secure ? "__Host-anshi" : "anshi_session")'),
    ],
    "Where BASE_URL begins with https; plain names elsewhere.",
  ),
  met(
    "V3.3.2",
    2,
    "SameSite fits each cookie's purpose",
    [
      flash,
      test("app/i18n/locale.test.ts", "is kept in the cookie when the address names it"),
      setting("app/request/session.server.ts", 'sameSite: "lax"'),
    ],
    "Lax: the provider's answer and links in e-mails are navigations; the guard does not lean on it.",
  ),
  met(
    "V3.3.3",
    2,
    "Cookies have the __Host- prefix",
    [
      flash,
      test("app/ui/shell/shell.test.tsx", "is kept only when the address asks for something we have"),
      test("app/i18n/locale.test.ts", "is kept in the cookie when the address names it"),
      test(
        "app/features/identity/oidc.db.test.ts",
        "lets its person in when all of it fits, once, in the browser that asked",
      ),
    ],
    "Session, half sign-in, provider, message, language, theme and density.",
  ),
  met(
    "V3.3.4",
    2,
    "Secrets of sessions are HttpOnly and travel in Set-Cookie alone",
    [
      flash,
      setting("app/features/identity/sign-in.server.ts", "Path=/; HttpOnly; SameSite=Lax"),
      test("app/features/identity/sign-in.db.test.ts", "a half sign-in is no session: its secret opens nothing"),
    ],
    "Lucia sets HttpOnly for the session's.",
  ),
  met(
    "V3.4.1",
    1,
    "HSTS for a year, subdomains included",
    [test(web, "numbers answers, and gives pages a policy with the nonce that the context carries")],
    "Where BASE_URL begins with https.",
  ),
  met(
    "V3.4.2",
    1,
    "Other origins are not let in by CORS",
    [carried, everyAnswer],
    "No answer has Access-Control-Allow-Origin.",
  ),
  met(
    "V3.4.3",
    2,
    "Content security policy with nonces",
    [carried, test(web, "numbers answers, and gives pages a policy with the nonce that the context carries")],
    "Style attributes stay allowed; PDFs have frame-ancestors alone, so that viewers can draw them.",
  ),
  met("V3.4.4", 2, "nosniff on every answer", [carried, everyAnswer]),
  met("V3.4.5", 2, "Referrer policy", [carried]),
  met(
    "V3.4.6",
    2,
    "frame-ancestors on every answer",
    [everyAnswer, carried],
    "A PDF may stand in a frame of ours ('self').",
  ),
  met(
    "V3.5.1",
    1,
    "No act for another site",
    [
      foreign,
      test(judge, "stands in front of %s"),
      test(
        "app/features/identity/sign-in.db.test.ts",
        "keeps a form for the session that sent it, without what is secret",
      ),
    ],
    "By Origin and Sec-Fetch-Site instead of tokens.",
  ),
  met(
    "V3.5.2",
    1,
    "No way round a preflight",
    [foreign, test(judge, "exempts the API where no cookie could be abused")],
    "The API takes no cookie, only Authorization, which no foreign page can set without a preflight that is never answered.",
  ),
  met(
    "V3.5.3",
    1,
    "What changes something is no GET",
    [
      test(
        "tests/e2e/journeys.test.ts",
        "ends at the server: the old cookie is worth nothing, and a link cannot do it",
      ),
      test("tests/e2e/sign-in.test.ts", "an answer without its question, with another state or used before is refused"),
    ],
    "Exceptions by design: appearance by `?lng=`, `?theme=`; entries of the trail for files taken out; the provider's answer, which is a GET bound to its question, and begins on our own page alone.",
  ),
  notApplicable(
    "V3.5.4",
    2,
    "Other applications have other host names",
    "There is one application; that it has a host of its own is its operator's to see to.",
  ),
  notApplicable("V3.5.5", 2, "Messages between windows are checked", "No page listens to postMessage."),
  met("V3.7.1", 2, "No outdated technology in the browser", [carried], "HTML, CSS, JavaScript; object-src is 'none'."),
  met(
    "V3.7.2",
    2,
    "Nobody is sent to a strange host",
    [
      test(guard, "follows no address of another site after a form"),
      test("tests/e2e/proofs.test.ts", "after signing in nobody is sent to %j"),
    ],
    "The provider named by the settings is the only other host.",
  ),

  met(
    "V4.1.1",
    1,
    "Content types are true and name their charset",
    [
      test(
        "app/platform/assets.server.test.ts",
        "gives files of known kinds alone, under their type; no folder, no path out of it, nothing of the builder's",
      ),
      test("tests/api/openapi.test.ts", "for a %s"),
      test(evidence, "is added without script, listed beside the answer, and comes back as it was, to be saved"),
    ],
    "JSON has none: RFC 8259 knows UTF-8 alone.",
  ),
  partly(
    "V4.1.2",
    2,
    "The API is not quietly redirected to HTTPS",
    [setting("deploy/SECURITY.md", "Port 80 redirects pages and refuses `/api`")],
    "The product redirects nothing; what answers on port 80 is the proxy's, told in words alone. As V12.1.1.",
  ),
  met("V4.1.3", 2, "Headers of proxies cannot be forged by clients", [
    test("app/platform/http.server.test.ts", "believes nobody unless told to"),
    test("app/platform/http.server.test.ts", "believes the proxies it was told of"),
    test(judge, "reads no X-Forwarded-Host"),
  ]),
  met(
    "V4.2.1",
    2,
    "Messages end where all agree that they end",
    [test("app/platform/wire.server.test.ts", "%s end the connection, and nothing behind them is taken for a request")],
    "HTTP/1.1 alone; HTTP/2 is the proxy's.",
  ),
  notApplicable("V4.3.1", 2, "Cost of GraphQL queries is limited", noGraphQl),
  notApplicable("V4.3.2", 2, "No GraphQL introspection", noGraphQl),
  notApplicable("V4.4.1", 1, "WebSockets over TLS", noWebSocket),
  notApplicable("V4.4.2", 2, "Origin of WebSockets is checked", noWebSocket),
  notApplicable("V4.4.3", 2, "WebSockets have tokens of their own", noWebSocket),
  notApplicable("V4.4.4", 2, "WebSocket tokens come from a session", noWebSocket),

  met("V5.1.1", 2, "Types, endings, sizes and treatment of files are written down", [
    test("tests/asvs/documents.test.ts", "deploy/SECURITY.md has the figures that the code has"),
    setting("deploy/SECURITY.md", "nested, macro-bearing and double-natured files"),
  ]),
  met("V5.2.1", 1, "Files too large to handle are refused", [
    test(evidence, "1 GB announced is refused before a byte of it is read"),
    test(evidence, "1 GB that is not announced is cut off at the limit; memory stays flat and nothing is left"),
    test(evidence, "where no file is expected, a large form is not read"),
  ]),
  met(
    "V5.2.2",
    1,
    "Ending and content fit",
    [
      test(rules, "%s by its content"),
      test(rules, "refuses %s"),
      test(
        rules,
        "whatever comes, what is kept is one line, no path, no longer than a field, and ends as its content does",
      ),
    ],
    "A wrong ending is put right rather than refused: the type is what stands in the file.",
  ),
  met("V5.2.3", 2, "Packed files are counted and measured before they are unpacked", [
    test(rules, "refuses %s"),
    setting("app/features/evidence/evidence.rules.ts", "export const packedLimits = { entries: 5000"),
  ]),
  met(
    "V5.3.1",
    1,
    "Files of users are never run by the server",
    [
      test(evidence, "is added without script, listed beside the answer, and comes back as it was, to be saved"),
      setting("app/platform/spool.server.ts", 'open(path, "wx", 0o600)'),
    ],
    "They lie under ids outside any public folder.",
  ),
  met("V5.3.2", 1, "Paths are made by us, not of names of users", [
    test("app/platform/storage.server.test.ts", "takes nothing but a digest for a name"),
    test(rules, "%j of %s"),
    setting("app/platform/storage-place.ts", "new RegExp(`^${uuid}/${uuid}$`)"),
  ]),
  met("V5.4.1", 2, "Downloads are named by us", [
    test("app/request/file.server.test.ts", "names a file in any script and lets no name end the header"),
  ]),
  met("V5.4.2", 2, "Names in headers are encoded", [
    test("app/request/file.server.test.ts", "names a file in any script and lets no name end the header"),
    test(evidence, "is added without script, listed beside the answer, and comes back as it was, to be saved"),
  ]),
  notMet(
    "V5.4.3",
    2,
    "Files are scanned for viruses",
    "No scanner is asked. Macros, locked and nested archives, markup and double types are refused, and nothing is shown inline, which is not the same. A step that hands the spooled file to clamd or ICAP before it is kept would do it.",
    [test(rules, "refuses %s")],
  ),
];
