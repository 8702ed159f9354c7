import { met, notApplicable, setting, test } from "./types.ts";

const bad = "tests/e2e/bad-input.test.ts";
const oddText = test(bad, "emoji, rare Han and HTML are stored and shown as they were typed; NUL is refused");
const nonsense = test(
  bad,
  "an act nobody knows, without intent, of another machine or out of order is refused in words",
);
const emails = "app/platform/mail.server.test.ts";
const cells = test("app/platform/cells.test.ts", "no text opens a formula, and what cannot is left as it is");
const hooks = "app/features/webhooks/webhooks.db.test.ts";
const deliveries = "app/features/webhooks/deliveries.db.test.ts";
const security = "deploy/SECURITY.md";

/** V1 and V2: what comes in, what goes out, and the work itself. */
export const input = [
  met("V1.1.1", 2, "Input is decoded once, before it is checked", [
    test(bad, "%s is not there"),
    test(
      "app/platform/assets.server.test.ts",
      "gives files of known kinds alone, under their type; no folder, no path out of it, nothing of the builder's",
    ),
  ]),
  met(
    "V1.1.2",
    2,
    "Output is encoded last, by whatever interprets it",
    [oddText, test("app/platform/mail.server.test.ts", "holds people's words as words")],
    "React, bound parameters and pino encode; e-mails and the plain error page escape where they are put together.",
  ),
  met("V1.2.1", 1, "Text is encoded for HTML, XML and headers", [
    oddText,
    test(emails, "holds people's words as words"),
    test("app/request/file.server.test.ts", "names a file in any script and lets no name end the header"),
  ]),
  met("V1.2.2", 1, "Addresses are built encoded, with safe schemes alone", [
    test("app/request/next-page.test.ts", "stays on our site whatever it is given, and once given back says the same"),
    test(hooks, "take no address inside, none without TLS, none with a password, and say which field"),
  ]),
  met("V1.2.3", 1, "Values cannot break out of scripts or JSON", [
    oddText,
    test("app/features/audit/audit.db.test.ts", "writes canonical JSON as RFC 8785 has it, whatever the text"),
  ]),
  met(
    "V1.2.4",
    1,
    "Queries are bound, not put together from input",
    [
      nonsense,
      test("db/like.test.ts", "takes what a reader typed for letters, never for a pattern"),
      test("tests/db/policies.db.test.ts", "has every wall as declared and no hole"),
    ],
    "Each `sql.raw` in app/ takes a constant of the code; functions of `auth` have no dynamic SQL over input.",
  ),
  met(
    "V1.2.5",
    1,
    "No input reaches a command line",
    [
      setting(".dependency-cruiser.cjs", 'name: "io-in-server-files"'),
      setting("db/embedded/postmaster.server.ts", "spawn("),
    ],
    "Only db/embedded starts programs, from argument lists made of its own paths; no shell.",
  ),
  notApplicable("V1.2.6", 2, "No LDAP injection", "There is no LDAP."),
  notApplicable("V1.2.7", 2, "No XPath injection", "There is no XPath."),
  notApplicable("V1.2.8", 2, "No LaTeX injection", "PDFs are not made by LaTeX."),
  met(
    "V1.2.9",
    2,
    "Input in regular expressions is escaped",
    [
      setting("app/request/flash.server.ts", "new RegExp(`(?:^|; *)${nameOf(secure)}="),
      test("db/like.test.ts", "takes what a reader typed for letters, never for a pattern"),
    ],
    "Patterns are built from constants alone; searching is LIKE with its signs escaped.",
  ),
  notApplicable("V1.3.1", 1, "HTML from editors is cleaned", "No field takes HTML; markup is shown as text."),
  met(
    "V1.3.2",
    1,
    "No code is made from input",
    [
      setting(".oxlintrc.json", '"no-eval": "error"'),
      test(
        "tests/e2e/guard.test.ts",
        "pages, errors and what machines read: policy with a nonce of its own, no inline script without it",
      ),
    ],
    "The policy has no 'unsafe-eval'.",
  ),
  met("V1.3.3", 2, "What goes to a dangerous place is cut and cleaned before", [
    cells,
    test(
      "app/features/evidence/evidence.rules.test.ts",
      "whatever comes, what is kept is one line, no path, no longer than a field, and ends as its content does",
    ),
  ]),
  met(
    "V1.3.4",
    2,
    "SVG from users cannot carry scripts",
    [
      test("app/features/evidence/evidence.rules.test.ts", "refuses %s"),
      test("tests/e2e/evidence.test.ts", "%s is refused in words beside the field, and nothing is left of it"),
    ],
    "SVG is not taken, whatever its name.",
  ),
  met(
    "V1.3.5",
    2,
    "Markdown, styles and the like from users are not run",
    [oddText, setting("app/features/evidence/evidence.rules.ts", '"text/plain": ["txt", "log", "md"')],
    "Nothing renders them; a .md file goes out as an attachment of plain text.",
  ),
  met(
    "V1.3.6",
    2,
    "Requests to addresses of users reach nothing inside",
    [
      test(deliveries, "go nowhere inside, whatever the name resolves to at that moment"),
      test("app/features/webhooks/webhooks.rules.test.ts", "%s is not public"),
      test("app/features/webhooks/deliver.server.test.ts", "that answers %s is not followed to where it points inside"),
    ],
    "https and public addresses are the list of what is allowed; which hosts, users choose (see V13.2.4).",
  ),
  met(
    "V1.3.7",
    2,
    "No template is made from input",
    [test("app/pdf/documents/documents.test.ts", "is printed, copied as it was, and what no font has is reported")],
    "Templates are components of the code; there is no template language.",
  ),
  notApplicable("V1.3.8", 2, "No JNDI injection", "There is no Java."),
  notApplicable("V1.3.9", 2, "No memcache injection", "No memcache."),
  met(
    "V1.3.10",
    2,
    "Format strings are not taken from input",
    [
      test(
        "app/platform/log.server.test.ts",
        "whatever is written down stays one line of JSON, with its time in UTC and its level",
      ),
    ],
    "Messages are compiled; pino is handed objects, not formats with input in them.",
  ),
  met("V1.3.11", 2, "Input cannot add a receiver or header to e-mails", [
    test(emails, "cannot be told another receiver through its subject"),
    setting("app/platform/mail.server.ts", 'to: { name: "", address: to }'),
  ]),
  met(
    "V1.4.1",
    2,
    "Memory-safe handling of strings and buffers",
    [setting("package.json", '"typescript": "5.9.3"')],
    "TypeScript throughout; native parts are argon2 and PostgreSQL.",
  ),
  met("V1.4.2", 2, "Numbers are checked for range and sign", [
    setting("app/platform/fields.ts", "error_field_range"),
    nonsense,
    test(
      "app/features/plan/plan.rules.test.ts",
      "exact for any amounts: met if and only if security·10000 ≥ total·threshold; order does not matter",
    ),
  ]),
  met("V1.4.3", 2, "Resources are released", [
    test(
      "tests/e2e/evidence.test.ts",
      "1 GB that is not announced is cut off at the limit; memory stays flat and nothing is left",
    ),
    test("tests/db/dropped-connections.db.test.ts", "loses nothing acknowledged, mixes no replies, hangs nowhere"),
  ]),
  met(
    "V1.5.1",
    1,
    "XML parsers resolve nothing from outside",
    [test("app/features/evidence/evidence.rules.test.ts", "refuses %s")],
    "No XML from users is parsed: office files are unpacked and counted, their parts are not read.",
  ),
  met(
    "V1.5.2",
    2,
    "Only plain, expected shapes are deserialised",
    [
      test("tests/workflows/goldens.test.ts", "refuses another machine, version, state or a broken snapshot"),
      test(bad, "of other kinds than forms are told so: 4xx, never a stack"),
      setting("app/features/identity/passkeys.server.ts", "shape.parse(JSON.parse(credential))"),
    ],
    "JSON and forms into zod; the server decodes no turbo-stream.",
  ),

  met("V2.1.1", 1, "Rules for each kind of input are written down", [
    setting(security, "## What comes in"),
    test("tests/api/openapi.test.ts", "is OpenAPI 3.1, names its security and describes every answer"),
  ]),
  met(
    "V2.1.2",
    2,
    "Rules for what belongs together are written down",
    [setting(security, "What belongs together is"), setting("workflows/README.md", "guard")],
    "By pointing at the rules, which are pure and tested; not restated.",
  ),
  met("V2.1.3", 2, "Limits of the work are written down", [
    test("tests/asvs/documents.test.ts", "deploy/SECURITY.md has the figures that the code has"),
  ]),
  met("V2.2.1", 1, "All input is checked against what is expected", [
    nonsense,
    test(bad, "text that is too long stays in its field, which says how long it may be"),
    test(bad, "answers nonsense as RFC 9457 has it"),
    test("tests/e2e/evidence.test.ts", "%s is refused in words beside the field, and nothing is left of it"),
  ]),
  met(
    "V2.2.2",
    1,
    "Checks are made at the server",
    [nonsense, test("tests/e2e/survey-journey.test.ts", "is saved question by question without script")],
    "Every form works without script, so none of its checks is the browser's.",
  ),
  met("V2.2.3", 2, "Combinations are checked", [
    test(
      "app/features/plan/plan.db.test.ts",
      "tells what a plan lacks until it is whole, and follows the residual risk",
    ),
    test("app/features/pilots/pilots.rules.test.ts", "a good one passes; each fault is named"),
  ]),
  met("V2.3.1", 1, "Steps cannot be skipped or taken out of order", [
    test("tests/workflows/hostile.test.ts", "offers exactly what it then accepts"),
    test(
      "app/features/project/project.db.test.ts",
      "is not moved past its document by an event posted to another page",
    ),
    nonsense,
  ]),
  met("V2.3.2", 2, "Limits of the work hold", [
    test("app/features/pilots/selection.db.test.ts", "is held up by the notice, an open objection and the quota"),
    test("app/features/evidence/evidence.db.test.ts", "keeps to the quota however many come at once"),
    test("app/features/specification/edition.db.test.ts", "a visitor who writes on and on is stopped"),
  ]),
  met("V2.3.3", 2, "An act happens whole or not at all", [
    test("app/features/identity/emails.db.test.ts", "go with the transaction that wrote them"),
    test(
      "app/features/webhooks/webhooks.db.test.ts",
      "is filled in the transaction of the event, with ids alone, and not after a rollback",
    ),
    test("tests/load/killed-backends.test.ts", "lives, loses nothing it acknowledged, and mixes nobody's rows"),
  ]),
  met("V2.3.4", 2, "What is scarce cannot be booked twice", [
    test("app/features/pilots/selection.db.test.ts", "cannot overbook the last place when two leads select at once"),
    test(
      "app/features/identity/sign-in.db.test.ts",
      "one code used at the same moment by ten lets one in; a code of before is dead too",
    ),
  ]),
  met(
    "V2.4.1",
    2,
    "Too many calls are held back",
    [
      test(
        "tests/e2e/shares.test.ts",
        "is told so in words, with the time to come back; health and the others' pages are not touched",
      ),
      test(
        "app/features/identity/sign-in.db.test.ts",
        "an address that guesses at many accounts is stopped, accounts that are not there alike; not who is known there",
      ),
      test("app/features/specification/edition.db.test.ts", "a visitor who writes on and on is stopped"),
      test("app/features/evidence/evidence.db.test.ts", "keeps to the quota however many come at once"),
    ],
    "By account, token and address, over all processes; signing in, e-mails, comments and uploads have limits of their own besides.",
  ),
];
