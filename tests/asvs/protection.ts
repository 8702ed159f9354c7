import { met, notApplicable, notMet, partly, setting, test } from "./types.ts";

const security = "deploy/SECURITY.md";
const inventory = setting(security, "## Keys and algorithms");
const refused = test("app/features/identity/oidc.db.test.ts", "%s is refused");
const emails = "app/features/identity/emails.db.test.ts";
const catalogue = test("tests/db/policies.db.test.ts", "has every wall as declared and no hole");
const everyAnswer = test(
  "app/platform/web.server.test.ts",
  "says of every answer that nobody may keep it, frame it or read it from another origin, unless its maker said otherwise",
);
const wire = "app/platform/wire.server.test.ts";
const assets = test(
  "app/platform/assets.server.test.ts",
  "gives files of known kinds alone, under their type; no folder, no path out of it, nothing of the builder's",
);
const noTls = "The product speaks HTTP to a proxy on the same machine; TLS is the proxy's, and deploy/ brings none.";
const noEncryption = "The application encrypts nothing itself; TLS and volumes are the operator's.";
const noMtls = "There are no client certificates.";

/** V11 to V14: cryptography, the wire, the settings, the data. */
export const protection = [
  partly(
    "V11.1.1",
    2,
    "How keys live is written down",
    [inventory],
    "Who has each, how and when it is renewed; who may see the environment's secrets, how they are made and destroyed is left to the operator's vault.",
  ),
  met("V11.1.2", 2, "Keys and algorithms are listed", [inventory]),
  met(
    "V11.2.1",
    2,
    "Cryptography is that of proven libraries",
    [
      refused,
      test(
        "app/features/identity/totp.rules.test.ts",
        "are those of RFC 6238, appendix B (the last six of its eight digits)",
      ),
      test("app/features/audit/merkle.server.test.ts", "has the roots of the reference tests"),
    ],
    "node:crypto, @node-rs/argon2, openid-client, @simplewebauthn, otpauth; the tree of the trail is ours, on SHA-256, against the reference's roots.",
  ),
  partly(
    "V11.2.2",
    2,
    "Algorithms can be exchanged",
    [
      setting("app/features/identity/passwords.server.ts", "memoryCost: 19_456"),
      test("app/features/webhooks/deliveries.db.test.ts", "carry both signatures for a day after a new secret"),
    ],
    "argon2id's parameters stand in each hash, but a hash is not made anew at sign-in when they grow; digests of secrets, seals and the trail name no algorithm. A column for it, and a new hash after a right password, would do it.",
  ),
  partly(
    "V11.2.3",
    2,
    "128 bits of strength or more",
    [
      inventory,
      test("app/features/identity/totp.rules.test.ts", "the address names issuer and person, the secret has 160 bits"),
    ],
    "Ours have it. Passkeys and ID tokens signed by RS256 are taken with keys of 2048 bits, which count for 112, because telephones, Windows and providers have them; taking ES256 and EdDSA alone would do it.",
  ),
  notApplicable("V11.3.1", 1, "No weak block modes or padding", noEncryption),
  notApplicable("V11.3.2", 1, "Approved ciphers alone", noEncryption),
  notApplicable("V11.3.3", 2, "What is encrypted is authenticated", noEncryption),
  partly(
    "V11.4.1",
    1,
    "Approved hash functions alone",
    [inventory, setting("app/features/identity/totp.rules.ts", 'algorithm: "SHA1"')],
    "SHA-256 everywhere but in TOTP, whose HMAC-SHA-1 is what RFC 6238 has and authenticators know; the known breaks do not touch HMAC. Passkeys are the way without it.",
  ),
  met("V11.4.2", 2, "Passwords are kept by a slow function", [
    setting("app/features/identity/passwords.server.ts", "algorithm: 2, memoryCost: 19_456, timeCost: 2"),
    test("app/features/identity/sign-in.db.test.ts", "a new hash of the same password differs, and both fit"),
  ]),
  met("V11.4.3", 2, "Digests of 256 bits where collisions matter", [
    test("app/features/audit/audit.db.test.ts", "shows whatever is done to it, and where first"),
    test("app/platform/storage.server.test.ts", "takes nothing but a digest for a name"),
  ]),
  notApplicable("V11.4.4", 2, "Keys from passwords are stretched", "No key is derived from a password."),
  met(
    "V11.5.1",
    2,
    "What must not be guessed has 128 random bits",
    [
      setting("app/request/session.server.ts", "randomBytes(20)"),
      setting("app/features/webhooks/webhooks.server.ts", "randomBytes(32)"),
      setting("app/platform/web.server.ts", "nonce: randomBytes(16)"),
    ],
    "Ids are UUIDv7 and open nothing. Recovery codes have 120 bits, above what V6.5.4 asks of them; `Math.random` spreads waiting times alone.",
  ),
  met(
    "V11.6.1",
    2,
    "Approved algorithms for signatures",
    [refused, setting("app/features/identity/passkeys.server.ts", "verifyAuthenticationResponse")],
    "We verify, and sign with HMAC-SHA-256 alone.",
  ),

  notMet(
    "V12.1.1",
    1,
    "TLS 1.2 and 1.3 alone",
    `${noTls} Written down for who runs it; a proxy with its settings in compose.yaml, and a test that speaks TLS 1.1 to it, would do it.`,
    [setting(security, "TLS 1.2 and 1.3 alone")],
  ),
  notMet("V12.1.2", 2, "Strong cipher suites, the strongest first", `${noTls} As V12.1.1.`),
  notApplicable("V12.1.3", 2, "Client certificates are checked", noMtls),
  partly(
    "V12.2.1",
    1,
    "TLS for all that reaches it from outside",
    [
      setting("deploy/compose.yaml", 'ports: ["127.0.0.1:3000:3000"]'),
      test(
        "app/platform/web.server.test.ts",
        "numbers answers, and gives pages a policy with the nonce that the context carries",
      ),
    ],
    "Listens on this machine alone and sends HSTS, but does not refuse to serve when BASE_URL is http. As V12.1.1.",
  ),
  notMet("V12.2.2", 1, "Certificates that are publicly trusted", `${noTls} Written down for who runs it.`, [
    setting(security, "with a certificate that browsers trust"),
  ]),
  partly(
    "V12.3.1",
    2,
    "Every connection is encrypted",
    [
      test("app/platform/env.server.test.ts", "names %s in one line"),
      setting("app/platform/mail.server.ts", "requireTLS: true"),
      setting("app/features/webhooks/webhooks.schema.ts", "error_webhook_https"),
    ],
    "Mail, provider and webhooks demand TLS outside this machine; the database and the object store take what their address says, and compose.yaml's network is plain. Refusing addresses without TLS outside this machine would do it.",
  ),
  partly(
    "V12.3.2",
    2,
    "Certificates of servers are checked",
    [
      test(
        "app/features/webhooks/deliveries.db.test.ts",
        "go nowhere inside, whatever the name resolves to at that moment",
      ),
      setting(security, "`?sslmode=verify-full`"),
    ],
    "Node checks them for webhooks, mail, provider and store. postgres.js does with `sslmode=verify-full` alone, which is asked for in words only.",
  ),
  partly(
    "V12.3.3",
    2,
    "TLS between the parts inside",
    [setting(security, "give `?sslmode=verify-full` where the network is not yours")],
    "One process and a database; the proxy reaches it by HTTP on the same machine. As V12.3.1.",
  ),
  partly(
    "V12.3.4",
    2,
    "Certificates inside are of a trusted issuer",
    [setting(security, "`?sslmode=verify-full`")],
    "NODE_EXTRA_CA_CERTS and verify-full make it so; nothing demands it. As V12.3.1.",
  ),

  met("V13.1.1", 2, "What it talks to is written down", [
    setting(security, "## What it talks to"),
    setting(security, "webhook receivers, **chosen by users**"),
  ]),
  partly(
    "V13.2.1",
    2,
    "Parts prove themselves to each other by changing secrets",
    [
      setting("deploy/compose.yaml", "DATABASE_AUTH_URL"),
      test(
        "tests/db/embedded-postgres.db.test.ts",
        "is made once, speaks UTF-8 everywhere, and has three roles that are no superusers",
      ),
    ],
    "Accounts of their own each, but by passwords that stay until somebody changes them. Client certificates for the three roles would do it; the pools would have to be handed them.",
  ),
  met("V13.2.2", 2, "Each part has the least rights", [
    catalogue,
    test(
      "app/features/webhooks/webhooks.db.test.ts",
      "is out of reach of every level, and of the application's own login",
    ),
    setting("deploy/compose.yaml", "cap_drop: [ALL]"),
  ]),
  met("V13.2.3", 2, "No default credentials", [
    setting("deploy/compose.yaml", "${POSTGRES_PASSWORD:?}"),
    setting("db/embedded/secrets.server.ts", 'randomBytes(24).toString("base64url")'),
  ]),
  notMet(
    "V13.2.4",
    2,
    "What it may talk to is a list",
    "Settings name every service but webhooks' receivers: users choose those among all public https addresses. A list of hosts (`WEBHOOK_TARGETS=list`, kept by the operator) would do it.",
    [test("app/features/webhooks/webhooks.rules.test.ts", "%s is not public")],
  ),
  notMet(
    "V13.2.5",
    2,
    "The server has a list of what it may reach",
    "As V13.2.4, at the network: compose.yaml lets the container out to everywhere. An egress rule would do it.",
  ),
  partly(
    "V13.3.1",
    2,
    "Secrets are kept in a vault",
    [
      setting(".dockerignore", ".data"),
      setting("app/platform/env.server.ts", "The value is not repeated in messages"),
      test("app/platform/env.server.test.ts", "does not repeat a password"),
    ],
    "None in code, image or log. They come by the environment, TOTP seeds and webhook secrets lie in clear in the database. Reading `*_FILE` and sealing the two columns under a key of the vault would do it.",
  ),
  partly(
    "V13.3.2",
    2,
    "Secrets are seen by who needs them",
    [test("app/features/webhooks/webhooks.db.test.ts", "keep their secret from every level"), catalogue],
    "In the database yes; one process has all of the environment's, the owner's password too where DATABASE_OWNER_URL is left in. Migrating by a job of its own would do it.",
  ),
  met("V13.4.1", 1, "No version control in what is deployed", [setting(".dockerignore", ".git"), assets]),
  met("V13.4.2", 2, "No debugging in production", [
    setting("deploy/Dockerfile", "ENV NODE_ENV=production"),
    test("app/platform/web.server.test.ts", "shows neither statement nor stack, in page, document or log"),
  ]),
  met("V13.4.3", 2, "No listings of folders", [assets]),
  met("V13.4.4", 2, "No TRACE", [test(wire, "%s is not answered with what was sent")]),
  met(
    "V13.4.5",
    2,
    "Descriptions and measurements are open on purpose alone",
    [test("app/platform/web.server.test.ts", "tells health to everybody and numbers to those who may")],
    "/healthz, /readyz and /api/v1/openapi.json are open on purpose.",
  ),

  met("V14.1.1", 2, "Data are classed", [setting(security, "## Data\n\n| level | what | kept by |")]),
  partly(
    "V14.1.2",
    2,
    "Each class has its protection written down",
    [setting(security, "## Data")],
    "Access, logs, integrity and retention by class; encryption in the database and rules of privacy law are left to the operator.",
  ),
  partly(
    "V14.2.1",
    1,
    "No secrets in addresses",
    [
      test("tests/e2e/journeys.test.ts", "a token is shown once, works for its membership, and is dead when revoked"),
      test(emails, "set a password once within half an hour; every session and every other link ends"),
      setting("app/platform/web.server.ts", "path: c.req.path"),
    ],
    "Sessions and tokens never; links of invitations and resets carry a secret that works once, in the query. Log lines have no query and the referrer stays here. Exchanging it for a cookie at the first visit would do it.",
  ),
  met("V14.2.2", 2, "Nothing confidential stays in caches on the way", [
    everyAnswer,
    test(
      "tests/e2e/guard.test.ts",
      "pages, errors and what machines read: policy with a nonce of its own, no inline script without it",
    ),
  ]),
  met("V14.2.3", 2, "Nothing goes to third parties", [
    test(
      "tests/e2e/guard.test.ts",
      "pages, errors and what machines read: policy with a nonce of its own, no inline script without it",
    ),
    test("app/features/webhooks/webhooks.rules.test.ts", "a message tells ids and states, nothing else"),
    test("app/platform/mail.server.test.ts", "says the same as text, loads nothing and names its language"),
  ]),
  partly(
    "V14.2.4",
    2,
    "Protection is as written down",
    [
      test("app/platform/log.server.test.ts", "secrets are removed wherever they are named, three levels down"),
      test(
        "app/features/audit/audit.db.test.ts",
        "tells which columns of a row changed, never their values; nothing where nothing changed",
      ),
      test(emails, "without a mail server are held, shown to the operator alone, and sent when there is one"),
    ],
    "Access, logs and integrity are shown; no test waits for the days after which e-mails, links and deliveries go.",
  ),
  partly(
    "V14.3.1",
    1,
    "The browser is emptied at the end of a session",
    [setting("app/features/identity/routes/logout.tsx", '"Clear-Site-Data": \'"cache"\'')],
    "Caches are. Answers that were typed and not yet saved stay in localStorage until they are, so that no word is lost; whoever sits there next can read them. Taking them away at signing out, after asking, would do it.",
  ),
  met(
    "V14.3.2",
    2,
    "Browsers keep nothing confidential",
    [
      everyAnswer,
      test("app/request/file.server.test.ts", "of one reader's is kept by no browser"),
      test(
        "tests/e2e/guard.test.ts",
        "pages, errors and what machines read: policy with a nonce of its own, no inline script without it",
      ),
    ],
    "What a published specification is printed in may be kept; unsaved answers are V14.3.3's.",
  ),
  notMet(
    "V14.3.3",
    2,
    "Browser storage holds nothing confidential",
    "Unsaved answers and reasons of a review lie in localStorage (`sheet-store`, `sealed-sheet`) until they are saved. Keeping them under a key that ends with the session would do it.",
    [
      test(
        "app/features/survey/components/sheet-store.test.ts",
        "keeps every word through a lost connection and a closed window",
      ),
    ],
  ),
];
