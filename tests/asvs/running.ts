import { met, notApplicable, notMet, partly, setting, test } from "./types.ts";

const security = "deploy/SECURITY.md";
const web = "app/platform/web.server.test.ts";
const audit = "app/features/audit/audit.db.test.ts";
const db = "app/features/identity/sign-in.db.test.ts";
const log = "app/platform/log.server.test.ts";
const oneLine = test(log, "whatever is written down stays one line of JSON, with its time in UTC and its level");
const noSecrets = test(log, "secrets are removed wherever they are named, three levels down");
const chain = test(
  audit,
  "sign-in, a change of rows, a transition, a token, a download, a refusal; with who and where",
);
const inventory = setting(security, "## What is written down");
const noWebRtc = "There is no WebRTC.";

/** V15 to V17: the code and what it is made of, what is written down, errors. */
export const running = [
  met("V15.1.1", 1, "How soon components are mended is written down", [
    setting(security, "is closed within 3\n  days when"),
  ]),
  met("V15.1.2", 2, "Components are listed", [
    test("app/cli/sbom.test.ts", "lists what the lock file names, as CycloneDX has it"),
    setting(security, "the lock file pins each with its digest"),
  ]),
  met("V15.1.3", 2, "What costs much is written down, with its limits", [setting(security, "What costs much: PDF")]),
  notMet(
    "V15.2.1",
    1,
    "No component is overdue",
    "turbo-stream 2.4.1 has a published hole that is kept (app/README.md, decision 11): out of reach, but older than the times that are written down. No run asks an advisory database, since the checks work without a network. The step to React Router 7 and a weekly question to one would do it.",
    [setting("app/README.md", "CVE-2026-34077")],
  ),
  met(
    "V15.2.2",
    2,
    "What costs much cannot take the product down",
    [
      test("app/pdf/render.test.ts", "leaves the main thread free while a long report is made"),
      test("app/pdf/render.test.ts", "stops an aborted job at once and takes the next"),
      test(
        "tests/e2e/evidence.test.ts",
        "1 GB that is not announced is cut off at the limit; memory stays flat and nothing is left",
      ),
      setting("db/client.server.ts", "statement_timeout: statementTimeoutMs"),
      test("tests/e2e/bodies.test.ts", "is answered with $kind, by words and at once, and nothing of it comes back"),
      test(
        "tests/db/shares.db.test.ts",
        "one row that somebody holds: its tenant's writes wait and end with «busy», another tenant's go on, and reading too",
      ),
    ],
    "Forms, queries and JSON are judged before anything is unfolded; connections, files and uploads are shared by tenant and account.",
  ),
  partly(
    "V15.2.3",
    2,
    "Production has nothing that it does not need",
    [
      setting("deploy/Dockerfile", "npm prune --omit=dev"),
      test("app/platform/env.server.test.ts", "loads no demo into a database of one's own unless asked"),
    ],
    "No tests and no development packages, but the demonstration's players, the embedded PostgreSQL and the compiler tsx are in the image. Splitting `seeds/demo` and the embedded server off would do it.",
  ),
  met("V15.3.1", 1, "Answers hold the fields that are needed", [
    test("tests/api/openapi.test.ts", "for a %s"),
    test("app/features/webhooks/webhooks.db.test.ts", "keep their secret from every level"),
    test(
      "app/features/project/project.db.test.ts",
      "tells the national office what was submitted, and leaves out what it cannot know",
    ),
  ]),
  met(
    "V15.3.2",
    2,
    "Redirects of other servers are not followed",
    [
      test("app/features/webhooks/deliver.server.test.ts", "that answers %s is not followed to where it points inside"),
      setting("app/platform/s3.server.ts", 'redirect: "manual"'),
    ],
    "The provider's library follows none either.",
  ),
  met(
    "V15.3.3",
    2,
    "Only the fields of an act are written",
    [
      setting("app/request/page.server.ts", "parseWithZod(fieldsFor(some, chosen.schema)"),
      test("tests/db/policies.db.test.ts", "has every wall as declared and no hole"),
      test("tests/e2e/bad-input.test.ts", "answers nonsense as RFC 9457 has it"),
    ],
    "Schemas drop what they do not name, and grants list columns.",
  ),
  met("V15.3.4", 2, "The client's address is told truly and used", [
    test("app/platform/http.server.test.ts", "believes the proxies it was told of"),
    test("app/platform/http.server.test.ts", "believes nobody unless told to"),
    test(
      db,
      "an address that guesses at many accounts is stopped, accounts that are not there alike; not who is known there",
    ),
  ]),
  met("V15.3.5", 2, "Types are checked, comparisons are strict", [
    setting("tsconfig.json", '"strict": true'),
    setting(".oxlintrc.json", '"eqeqeq": "error"'),
  ]),
  met(
    "V15.3.6",
    2,
    "No prototype can be polluted",
    [
      test(
        "tests/e2e/bad-input.test.ts",
        "an act nobody knows, without intent, of another machine or out of order is refused in words",
      ),
      setting("app/request/page.server.ts", "Object.hasOwn(intents, name)"),
      test("tests/e2e/bad-input.test.ts", "answers nonsense as RFC 9457 has it"),
    ],
    "`constructor` and `__proto__` are sent as names of acts, events and fields.",
  ),
  met(
    "V15.3.7",
    2,
    "Parameters given twice do not mix",
    [
      setting("app/platform/body.server.ts", "Object.fromEntries(searchParams)"),
      setting("app/platform/form-values.ts", "oneOrMany"),
    ],
    "Path, query, form and headers are read apart, each by its own schema; the last of a repeated query parameter counts.",
  ),

  met("V16.1.1", 2, "What is logged, where, for whom and how long is written down", [inventory]),
  met(
    "V16.2.1",
    2,
    "Entries say when, where, who and what",
    [chain, oneLine, setting("app/platform/web.server.ts", "ip: context.clientIp")],
    "The trail has the person and the request's number, the request's line the same number.",
  ),
  met("V16.2.2", 2, "Times are UTC, clocks are set", [oneLine, setting(security, "A clock that is synchronised")]),
  met("V16.2.3", 2, "Logs go where is written down, and nowhere else", [
    inventory,
    setting("app/platform/log.server.ts", "One JSON line per event on standard output"),
  ]),
  met("V16.2.4", 2, "Logs can be read and joined by machines", [
    oneLine,
    test(web, "numbers answers, and gives pages a policy with the nonce that the context carries"),
  ]),
  partly(
    "V16.2.5",
    2,
    "Confidential data stay out of logs",
    [
      noSecrets,
      test(web, "shows neither statement nor stack, in page, document or log"),
      test(
        "app/features/identity/emails.db.test.ts",
        "without a mail server are held, shown to the operator alone, and sent when there is one",
      ),
      test(audit, "tells which columns of a row changed, never their values; nothing where nothing changed"),
    ],
    "But for e-mails on a machine without a mail server: so that none is lost, its log has their text, links included. With SMTP_URL set no e-mail is logged.",
  ),
  partly(
    "V16.3.1",
    2,
    "Every sign-in is noted, good or bad, with its way",
    [
      chain,
      test(db, "guesses at codes are counted by person"),
      test(db, "every change to them is in the trail of the person's tenant, in their name"),
    ],
    "Which factors a sign-in showed stands in `auth.sessions`, not in its entry of the trail; a refused passkey is counted by address alone. Both are a change of `auth.audit_session` and one of `usePasskey`.",
  ),
  met("V16.3.2", 2, "Refusals are noted", [
    chain,
    test(
      "tests/db/shares.db.test.ts",
      "the first are entries each, over all processes; the others are one number that adds up, in the name of who was refused",
    ),
    setting("app/request/audit-note.server.ts", "error.status === 403 || error.status === 404"),
  ]),
  met(
    "V16.3.3",
    2,
    "Attempts to get round the rules are noted",
    [
      test(web, "logs who was refused at the door, and by what name they came"),
      chain,
      test(db, "guesses at codes are counted by person"),
    ],
    "Input that no form of ours would send is in the request's line by its status.",
  ),
  met(
    "V16.3.4",
    2,
    "Unexpected errors are noted",
    [
      test(web, "shows neither statement nor stack, in page, document or log"),
      setting("app/platform/lifecycle.server.ts", '"uncaughtException"'),
      test("app/platform/watchdog.server.test.ts", "for too long ends the process, and the last line says why"),
      test(
        "app/features/webhooks/deliveries.db.test.ts",
        "end dead after the last attempt, and go out again when asked, under the same id",
      ),
    ],
    "TLS that fails is told as `tls` beside the delivery, and as the cause of an error elsewhere.",
  ),
  met("V16.4.1", 2, "Nobody can write into logs", [oneLine]),
  partly(
    "V16.4.2",
    2,
    "Logs are kept from being read and changed",
    [
      test(audit, "is nobody's to touch: %s"),
      test(audit, "a chain written anew from the middle, heads and digests included"),
      test("tests/db/policies.db.test.ts", "has every wall as declared and no hole"),
    ],
    "The trail yes. Standard output is as safe as whoever collects it makes it.",
  ),
  notMet(
    "V16.4.3",
    2,
    "Logs go to another system",
    "Written down as the operator's; the trail can be exported and its roots written down elsewhere by hand. Sending each root, and the log, to a system of another owner (syslog over TLS) would do it.",
    [setting(security, "send it to another machine"), test(audit, "proves itself with nothing but the root")],
  ),
  met("V16.5.1", 2, "Readers of errors are told nothing of the inside", [
    test(web, "shows neither statement nor stack, in page, document or log"),
    test("app/platform/errors.test.ts", "shows nothing of an unexpected error"),
    test("tests/e2e/bad-input.test.ts", "of other kinds than forms are told so: 4xx, never a stack"),
  ]),
  met("V16.5.2", 2, "It goes on safely when others are away", [
    test(
      "tests/e2e/outage.test.ts",
      "pages and the API answer when it is back or say so with 503, and the process stays up",
    ),
    test(
      "app/features/webhooks/webhooks.db.test.ts",
      "comes back after its connections were cut, gives back what it holds when it stops, and tells how it is",
    ),
    test("app/features/identity/emails.db.test.ts", "are tried again until the server takes them, and then emptied"),
    test("app/platform/s3-answers.server.test.ts", "because it is full or ails is told of by %s as what it is"),
    test(
      "tests/db/shares.db.test.ts",
      "one row that somebody holds: its tenant's writes wait and end with «busy», another tenant's go on, and reading too",
    ),
  ]),
  met("V16.5.3", 2, "It fails closed and whole", [
    test("tests/db/dropped-connections.db.test.ts", "is an error although its code hid the failure"),
    test("tests/load/killed-backends.test.ts", "lives, loses nothing it acknowledged, and mixes nobody's rows"),
    test("tests/e2e/evidence.test.ts", "an upload that its sender gives up leaves neither row nor file"),
  ]),

  notApplicable("V17.1.1", 2, "TURN reaches nothing inside", noWebRtc),
  notApplicable("V17.2.1", 2, "Keys of DTLS are kept safely", noWebRtc),
  notApplicable("V17.2.2", 2, "DTLS has strong suites", noWebRtc),
  notApplicable("V17.2.3", 2, "SRTP is authenticated", noWebRtc),
  notApplicable("V17.2.4", 2, "Malformed SRTP does not stop media", noWebRtc),
  notApplicable("V17.3.1", 2, "Signalling stands a flood", noWebRtc),
  notApplicable("V17.3.2", 2, "Malformed signals do not stop it", noWebRtc),
];
