import { met, notApplicable, notMet, partly, setting, test } from "./types.ts";

const db = "app/features/identity/sign-in.db.test.ts";
const e2e = "tests/e2e/sign-in.test.ts";
const proofs = "tests/e2e/proofs.test.ts";
const emails = "app/features/identity/emails.db.test.ts";
const passwords = "app/features/identity/passwords.server.test.ts";
const totp = "app/features/identity/totp.rules.test.ts";
const oidc = "app/features/identity/oidc.db.test.ts";
const figures = test("tests/asvs/documents.test.ts", "deploy/SECURITY.md has the figures that the code has");
const security = "deploy/SECURITY.md";
const fields = "app/features/identity/components/password-fields.tsx";
const guesses = test(
  db,
  "fifty guesses at once: eight are judged, the others refused with the time to come back; the person gets in from elsewhere",
);
const front = test(
  proofs,
  "fifty guesses at once at the front door: no more than eight are judged, and who is not there is answered alike",
);
const noOutOfBand = "E-mails carry invitations and resets; no code by e-mail, telephone or push is a factor.";
const ended = test("tests/e2e/sessions.test.ts", "are ended after a proof alone; all others with one press");
const lastingSessions = test(
  db,
  "end after two hours without a request, and twelve hours after they began whatever happens",
);

/** V6 and V7: signing in, and what it gives. */
export const identity = [
  met("V6.1.1", 1, "Defences against guessing, and against locking out, are written down", [
    figures,
    setting(security, "Nobody is locked out for longer"),
  ]),
  met("V6.1.2", 2, "Words of this place that make no password are listed", [figures]),
  met("V6.1.3", 2, "All ways to sign in are listed with their strength", [
    setting(security, "| way | shows | held back by |"),
  ]),
  met("V6.2.1", 1, "Passwords have eight characters or more", [test(passwords, "«%s» is too short")], "Twelve."),
  met("V6.2.2", 1, "People can change their passwords", [
    test(proofs, "one that is ended from another device is over with its next request; a new password ends the others"),
  ]),
  met("V6.2.3", 1, "Changing one asks for the present one", [
    test(proofs, "one that is ended from another device is over with its next request; a new password ends the others"),
  ]),
  met(
    "V6.2.4",
    1,
    "The 3000 commonest are refused",
    [
      test(passwords, "«%s» is common, or a common one with little added"),
      test(emails, "set a password once within half an hour; every session and every other link ends"),
    ],
    "Against 49,000.",
  ),
  met("V6.2.5", 1, "No rule about kinds of characters", [
    test(passwords, "takes «%s» without asking for capitals, digits or signs"),
  ]),
  met("V6.2.6", 1, "Password fields hide what is typed", [
    setting("app/features/identity/routes/login.tsx", 'textProps(fields.password, "password")'),
    setting("app/features/identity/components/security-section.tsx", 'textProps(fields.next, "password")'),
  ]),
  met(
    "V6.2.7",
    1,
    "Pasting and password managers work",
    [
      setting(fields, 'autoComplete="new-password"'),
      setting("app/features/identity/routes/login.tsx", 'autoComplete="current-password"'),
    ],
    "Nothing listens to paste.",
  ),
  partly(
    "V6.2.8",
    1,
    "The password is compared as it was typed",
    [test(passwords, "is the same from a keyboard that composes letters in another way, and every character counts")],
    "Case, spaces and length are kept, but both sides are made NFKC, as SP 800-63B-4 has it, so that a composed letter from another keyboard fits; full-width letters count as their plain ones. Kept on purpose: Chinese keyboards have both.",
  ),
  met("V6.2.9", 2, "64 characters are taken", [
    test(passwords, "is taken up to its full length and not beyond; 64 characters at least"),
  ]),
  met(
    "V6.2.10",
    2,
    "No change by the calendar",
    [setting("app/features/identity/password.rules.ts", "no change by the calendar")],
    "No table has an end for a password.",
  ),
  met(
    "V6.2.11",
    2,
    "Words of this place are refused",
    [test(passwords, "«%s» is made of words of this programme"), test(passwords, "«%s» is the person's own")],
    "Names of tenants are not in the list.",
  ),
  partly(
    "V6.2.12",
    2,
    "Breached passwords are refused",
    [test(passwords, "«%s» is common, or a common one with little added")],
    "Common ones and their variations, not a set of breached ones. A filter over the published hashes, kept beside the program, would do it.",
  ),
  met("V6.3.1", 1, "Guessing is held back as written down", [
    guesses,
    front,
    test(db, "guesses at codes are counted by person"),
    figures,
  ]),
  met(
    "V6.3.2",
    1,
    "No default accounts",
    [
      test("app/platform/env.server.test.ts", "loads no demo into a database of one's own unless asked"),
      test(
        "tests/e2e/from-nothing.test.ts",
        "says how to make the first account, makes it once and keeps its password to itself",
      ),
    ],
    "The demonstration's accounts exist where it is asked for, on 127.0.0.1 unless HOST says otherwise.",
  ),
  partly(
    "V6.3.3",
    2,
    "Two factors for everybody",
    [
      test(db, "where everybody needs one, nobody gets in by a password or the provider's word alone"),
      test(db, "a lead without one must enrol, others need not; with one everybody is asked"),
      test(e2e, "must enrol before anything else, without script too; the codes come once, then they are in"),
    ],
    "With `MFA_REQUIRED=everyone` it is met. As installed, leads, directors and operators must; officers, regulators, editors, assessors and auditors may. Making `everyone` the usual setting outside the demonstration would do it.",
  ),
  met("V6.3.4", 2, "All ways to sign in are as strong as written down", [
    test(e2e, "lets in whom it vouches for, and only into an account that is there"),
    test(db, "switching to a role that needs a second factor asks for it"),
    test(db, "a half sign-in is no session: its secret opens nothing"),
    test(emails, "to somebody with an account add a membership and leave their password alone"),
  ]),
  partly(
    "V6.4.1",
    1,
    "First secrets are random, short-lived and do not stay",
    [
      test(emails, "end with their week, when taken back, when sent anew, and when the inviter leaves"),
      test(emails, "are kept as a digest, lead in once, and let the guest alone know the password"),
    ],
    "Invitations are so. The first operator's password comes from the settings and stays until the operator changes it; a mark that asks for a new one at the first sign-in would do it.",
  ),
  met("V6.4.2", 1, "No hints, no secret questions", [
    setting(
      "app/features/identity/identity.schema.ts",
      "export const resetSchema = z.object({ token: linkToken(), ...newPasswordFields })",
    ),
  ]),
  met(
    "V6.4.3",
    2,
    "A reset takes no second factor away",
    [
      test(emails, "set a password once within half an hour; every session and every other link ends"),
      test(emails, "take no second factor away: the new password alone lets nobody in"),
    ],
    "A reset signs nobody in: signing in asks for the factor as before.",
  ),
  partly(
    "V6.4.4",
    2,
    "A lost factor is replaced after proof of who asks",
    [
      setting(security, "Before that\n  they check who asks"),
      setting("app/features/identity/accounts.server.ts", "export async function clearFactors"),
    ],
    "The rule is written down and the act is in the trail, but the product asks for no evidence: one operator can do it alone. A second person's consent, as for break-glass, would do it.",
  ),
  met("V6.5.1", 2, "Codes work once", [
    test(db, "one code used at the same moment by ten lets one in; a code of before is dead too"),
    test(db, "a recovery code works once, for its owner alone, however it is typed"),
    test(totp, "are worth nothing once used, nor is any that came before"),
  ]),
  met(
    "V6.5.2",
    2,
    "Recovery codes are kept safely",
    [test(db, "a recovery code works once, for its owner alone, however it is typed")],
    "120 bits, SHA-256 with the person's id.",
  ),
  met("V6.5.3", 2, "Seeds and codes come from a secure source", [
    test(totp, "the address names issuer and person, the secret has 160 bits"),
    setting("app/features/identity/factors.server.ts", "randomBytes(24)"),
  ]),
  met("V6.5.4", 2, "Codes have 20 bits or more", [
    test(db, "a recovery code works once, for its owner alone, however it is typed"),
  ]),
  partly(
    "V6.5.5",
    2,
    "Codes live for thirty seconds",
    [test(totp, "hold for one step each way and no further")],
    "A step is 30 seconds, and one to either side is taken, as RFC 6238 5.2 allows for clocks: 90 seconds at most, each once. `window: 0` would do it, and shut out people whose telephones are half a minute off.",
  ),
  notApplicable("V6.6.1", 2, "Codes by telephone only with care", noOutOfBand),
  notApplicable("V6.6.2", 2, "Codes from elsewhere are bound to their request", noOutOfBand),
  notApplicable("V6.6.3", 2, "Codes from elsewhere cannot be guessed", noOutOfBand),
  met(
    "V6.8.1",
    2,
    "No provider can speak for another's people",
    [
      test(db, "link to an account by a verified address, once; then the subject decides"),
      setting("app/features/identity/oidc.server.ts", "auth.find_identity(${issuer}, ${subject}, ${email})"),
    ],
    "One provider; people are known by issuer and subject.",
  ),
  met("V6.8.2", 2, "Signatures of assertions are always checked", [test(oidc, "%s is refused")]),
  notApplicable("V6.8.3", 2, "SAML assertions are used once", "There is no SAML."),
  met("V6.8.4", 2, "Strength claimed by the provider is checked, else the least is assumed", [
    test(oidc, "tells how strong it was: two factors where `amr` says so, one in any other case"),
    setting(security, "only `amr` with `mfa` counts as two factors"),
  ]),

  met("V7.1.1", 2, "Ends of sessions are written down, with reasons", [
    figures,
    setting(security, "NIST SP 800-63B, AAL2"),
  ]),
  met("V7.1.2", 2, "How many sessions at once is written down", [
    setting(security, "As many sessions at once as a person opens"),
  ]),
  met("V7.1.3", 2, "Sessions with a provider are written down", [
    setting(security, "With an identity provider a session here is our own"),
  ]),
  met(
    "V7.2.1",
    1,
    "Sessions are checked at the server",
    [
      test(proofs, "cookies that were tampered with open nothing and break nothing"),
      test("tests/db/policies.db.test.ts", "has every wall as declared and no hole"),
    ],
    "By the database itself.",
  ),
  met("V7.2.2", 1, "Sessions are made anew, no static keys", [
    lastingSessions,
    test("tests/e2e/journeys.test.ts", "a token is shown once, works for its membership, and is dead when revoked"),
  ]),
  met(
    "V7.2.3",
    1,
    "Secrets of sessions have 128 bits from a secure source",
    [setting("app/request/session.server.ts", "randomBytes(20).toString")],
    "160.",
  ),
  partly(
    "V7.2.4",
    1,
    "Signing in gives a new session and ends the present one",
    [
      test(
        proofs,
        "one that is ended from another device is over with its next request; a new password ends the others",
      ),
      test(db, "switching to a role that needs a second factor asks for it"),
    ],
    "New with every sign-in, password and role. A step-up marks the session as proved and keeps its secret; giving it a new one in `prove_session` would do it.",
  ),
  met("V7.3.1", 2, "Sessions end when unused", [lastingSessions]),
  met("V7.3.2", 2, "Sessions end in any case", [lastingSessions]),
  met("V7.4.1", 1, "An ended session is of no use", [
    test("tests/e2e/journeys.test.ts", "ends at the server: the old cookie is worth nothing, and a link cannot do it"),
    lastingSessions,
  ]),
  met("V7.4.2", 1, "Sessions end with the account", [
    test(
      db,
      "is dead with the next statement: session, token, half sign-in; nobody but the operator does it, and not to their own",
    ),
    test(proofs, "an account that the operator switches off is dead at once"),
  ]),
  met("V7.4.3", 2, "After a change of factor the others can be ended", [
    ended,
    test(db, "all others end at once when asked, and the one that asked goes on under a new secret"),
    test(emails, "set a password once within half an hour; every session and every other link ends"),
  ]),
  met(
    "V7.4.4",
    2,
    "The way out is on every page",
    [test("app/ui/shell/shell.test.tsx", "signs out and switches by forms, which no prefetch can trigger")],
    "In the person's menu.",
  ),
  met(
    "V7.4.5",
    2,
    "The operator can end somebody's sessions",
    [test(proofs, "an account that the operator switches off is dead at once")],
    "By switching the account off and on.",
  ),
  partly(
    "V7.5.1",
    2,
    "Changing what signs one in asks for full proof",
    [
      test(proofs, "is added after a proof, signs in by itself, and cannot be taken away from who needs it"),
      test(proofs, "an answer that is forged, old or to another question is refused"),
    ],
    "A proof within ten minutes is asked for, but one factor is enough even for who has two; asking for the second where there is one, in `/step-up`, would do it. The e-mail address cannot be changed at all.",
  ),
  met("V7.5.2", 2, "People see their sessions and end them after a proof", [ended]),
  notMet(
    "V7.6.1",
    2,
    "Sessions here and at the provider end together as written down",
    "That they do not is written down, with the longest time (12 hours). `max_age` with `auth_time` at sign-in and back-channel logout would do it.",
    [setting(security, "12 hours\n  is the longest that somebody who was removed there stays in")],
  ),
  met(
    "V7.6.2",
    2,
    "No session without the person's act",
    [
      test(e2e, "an answer without its question, with another state or used before is refused"),
      test(oidc, "lets its person in when all of it fits, once, in the browser that asked"),
    ],
    "A page of another site cannot begin it.",
  ),
];
