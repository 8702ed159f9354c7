import { met, notApplicable, setting, test } from "./types.ts";

const security = "deploy/SECURITY.md";
const oidc = "app/features/identity/oidc.db.test.ts";
const refused = test(oidc, "%s is refused");
const fits = test(oidc, "lets its person in when all of it fits, once, in the browser that asked");
const attacks = test("tests/isolation/attacks.test.ts", "get nothing through");
const frontDoor = test("tests/isolation/http.test.ts", "get nothing through");
const catalogue = test("tests/db/policies.db.test.ts", "has every wall as declared and no hole");
const noServer = "The product is no authorization server.";
const noProvider = "The product is no OpenID provider.";
const noResource = "The API takes no OAuth access tokens: its own are looked up at every request (V7).";

/** V8 to V10: who may what, and what others say of who somebody is. */
export const access = [
  met("V8.1.1", 1, "Rules for acts and rows are written down", [
    setting(security, "## Who may what"),
    setting("app/request/permissions.ts", "const permissions"),
    setting("db/README.md", "who may do what with which columns"),
  ]),
  met(
    "V8.1.2",
    2,
    "Rules for fields are written down",
    [setting(security, "Fields: grants list columns"), setting("db/README.md", "column-listed grants")],
    "Column by column beside each table in db/schema.",
  ),
  met("V8.2.1", 1, "Acts need an explicit permission", [
    test("tests/e2e/pages.test.ts", "nobody is sent to sign in from %s"),
    test("tests/api/changes.test.ts", "a token that may only read writes nothing"),
    test("tests/api/openapi.test.ts", "for somebody without a token: 401, and it says how to get in"),
    frontDoor,
  ]),
  met("V8.2.2", 1, "Rows are one's own, whatever id is sent", [
    frontDoor,
    attacks,
    test("tests/api/changes.test.ts", "another's rows are not there, whatever the endpoint"),
    test("tests/e2e/pages.test.ts", "another sector's project is not there: %s"),
  ]),
  met("V8.2.3", 2, "Fields are one's own to read and write", [
    catalogue,
    test("tests/db/policies.db.test.ts", "has a tenant in every policy that writes"),
    test(
      "app/features/pilots/selection.db.test.ts",
      "scores blind: a scorer sees their own sheet alone, by SQL too; the lead sees figures when all are in",
    ),
    test("app/features/webhooks/webhooks.db.test.ts", "keep their secret from every level"),
  ]),
  met(
    "V8.3.1",
    1,
    "Rules are held at the server",
    [
      attacks,
      test("tests/isolation/mutations.test.ts", "a policy opened to all lets an attack through that is otherwise held"),
      frontDoor,
    ],
    "By PostgreSQL, whatever the application asks.",
  ),
  met("V8.4.1", 2, "No tenant reaches another", [
    attacks,
    frontDoor,
    test("tests/isolation/operations.test.ts", "show nobody a row of somebody else, and change none"),
    test("tests/isolation/mutations.test.ts", "a policy with one condition less is missed"),
    test("tests/isolation/bouncer.test.ts", "each changes their own rows and no others"),
  ]),

  met(
    "V9.1.1",
    1,
    "Tokens are checked by their signature",
    [refused, fits],
    "The ID token is the only one that carries its own content; sessions and API tokens are looked up.",
  ),
  met(
    "V9.1.2",
    1,
    "Only listed algorithms, never none",
    [refused],
    "Those that the provider publishes, asymmetric alone; `none` and HMAC are refused.",
  ),
  met(
    "V9.1.3",
    1,
    "Keys come from where they were set, not from the token",
    [refused],
    "A key brought in `jwk` or named in `jku` is refused.",
  ),
  met("V9.2.1", 1, "Tokens hold within their time alone", [refused]),
  met(
    "V9.2.2",
    2,
    "Tokens are of the right kind",
    [refused, setting("app/features/identity/oidc.server.ts", "idTokenExpected: true")],
    "Only the token endpoint's ID token is read; the access token asks the provider for the person's address and nothing here.",
  ),
  met("V9.2.3", 2, "Tokens are meant for us", [refused]),
  notApplicable("V9.2.4", 2, "Tokens we issue name their audience", "We issue no tokens that carry content."),

  met(
    "V10.1.1",
    2,
    "Tokens go to nobody who does not need them",
    [fits, setting("app/features/identity/oidc.server.ts", "auth.put_challenge(${digestOf(secret)}, 'oidc'")],
    "They stay in the server for the length of one request; the browser gets our session alone.",
  ),
  met("V10.1.2", 2, "Answers count in the browser and transaction that asked", [
    fits,
    test("tests/e2e/sign-in.test.ts", "an answer without its question, with another state or used before is refused"),
  ]),
  met(
    "V10.2.1",
    2,
    "Code flow is guarded by PKCE or state",
    [
      fits,
      test("tests/e2e/sign-in.test.ts", "an answer without its question, with another state or used before is refused"),
    ],
    "By both.",
  ),
  notApplicable("V10.2.2", 2, "Two authorization servers are not mixed up", "There is one, named by the settings."),
  notApplicable("V10.3.1", 2, "Access tokens are meant for this API", noResource),
  notApplicable("V10.3.2", 2, "Claims of access tokens decide", noResource),
  notApplicable("V10.3.3", 2, "People are known by claims that stay theirs", noResource),
  notApplicable("V10.3.4", 2, "Strength and age of access tokens are checked", noResource),
  notApplicable("V10.4.1", 1, "Redirect addresses are compared exactly", noServer),
  notApplicable("V10.4.2", 1, "Codes work once", noServer),
  notApplicable("V10.4.3", 1, "Codes are short-lived", noServer),
  notApplicable("V10.4.4", 1, "Only the grants that are needed", noServer),
  notApplicable("V10.4.5", 1, "Refresh tokens cannot be replayed", noServer),
  notApplicable("V10.4.6", 2, "PKCE is demanded", noServer),
  notApplicable("V10.4.7", 2, "Registration of clients is guarded", noServer),
  notApplicable("V10.4.8", 2, "Refresh tokens end", noServer),
  notApplicable("V10.4.9", 2, "Tokens can be revoked by their person", noServer),
  notApplicable("V10.4.10", 2, "Confidential clients are authenticated", noServer),
  notApplicable("V10.4.11", 2, "Clients get the scopes they need", noServer),
  met("V10.5.1", 2, "ID tokens cannot be replayed", [refused, fits], "By the nonce."),
  met("V10.5.2", 2, "People are known by the subject", [
    test(
      "app/features/identity/sign-in.db.test.ts",
      "link to an account by a verified address, once; then the subject decides",
    ),
  ]),
  met("V10.5.3", 2, "A provider cannot call itself another", [
    test(oidc, "of a provider that calls itself by another name is not asked for"),
  ]),
  met("V10.5.4", 2, "ID tokens are meant for this client", [refused]),
  notApplicable("V10.5.5", 2, "Back-channel logout is guarded", "There is none (V7.6.1)."),
  notApplicable("V10.6.1", 2, "Response modes are limited", noProvider),
  notApplicable("V10.6.2", 2, "Forced logout is guarded", noProvider),
  notApplicable("V10.7.1", 2, "People consent to each request", noServer),
  notApplicable("V10.7.2", 2, "What is consented to is clear", noServer),
  notApplicable("V10.7.3", 2, "Consents can be seen and taken back", noServer),
];
