#!/usr/bin/env bash
# openid-client keeps the keys of a provider's JWKS per configuration, and asks for them anew no sooner than a minute after
# it last did, however plainly an id_token names a key (kid) that is not among them. A provider that turns its keys over
# within a minute after somebody's sign-in so has everybody else refused until the minute is over, although the new key
# stands in its JWKS. The signature is checked only where it is asked for: enableNonRepudiationChecks.
# Who meets it: servers that discover once at the start and keep the configuration, as the examples do, and tests that turn
# keys over between two sign-ins. Discover for each sign-in, or catch the refusal and try once with a new configuration.
# Versions: openid-client 6.9.0, oauth4webapi 3.8.8, jose 6, Node 20. Source: getPublicSigKeyAndCacheJwks of oauth4webapi.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error openid-client@6.9.0 oauth4webapi@3.8.8 jose@6.2.0 >/dev/null
cat > try.mjs <<'JS'
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import * as client from "openid-client";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log(`openid-client ${version("openid-client")}, oauth4webapi ${version("oauth4webapi")}, Node ${process.versions.node}`);
const keys = async (kid) => ({ kid, ...(await generateKeyPair("RS256", { extractable: true })) });
let current = await keys("first");
let nonce = "";
let asked = 0;
const server = createServer(async (req, res) => {
  const send = (value) => res.setHeader("content-type", "application/json").end(JSON.stringify(value));
  const path = req.url.split("?")[0];
  if (path === "/.well-known/openid-configuration")
    return send({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, response_types_supported: ["code"], subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"] });
  if (path === "/jwks") {
    asked += 1;
    return send({ keys: [{ ...(await exportJWK(current.publicKey)), kid: current.kid, alg: "RS256", use: "sig" }] });
  }
  const id_token = await new SignJWT({ nonce }).setProtectedHeader({ alg: "RS256", kid: current.kid }).setIssuer(issuer).setAudience("app").setSubject("somebody").setIssuedAt().setExpirationTime("5m").sign(current.privateKey);
  return send({ access_token: "token", token_type: "bearer", id_token });
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const discover = () =>
  client.discovery(new URL(issuer), "app", "secret", undefined, { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] });
const signIn = async (config) => {
  const [state, verifier] = [client.randomState(), client.randomPKCECodeVerifier()];
  nonce = client.randomNonce();
  const back = new URL(`http://127.0.0.1/back?code=code&state=${state}`);
  try {
    const tokens = await client.authorizationCodeGrant(config, back, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier });
    return `taken, key ${current.kid}`;
  } catch (error) {
    return `refused: ${error.cause?.message ?? error.message}`;
  }
};

const kept = await discover();
const before = await signIn(kept);
current = await keys("second");
const after = await signIn(kept);
const askedByKept = asked;
const anew = await signIn(await discover());
server.close();
console.log(`before the keys are turned over: ${before}`);
console.log(`after, with the configuration kept: ${after}; the JWKS was asked for ${askedByKept} time(s)`);
console.log(`after, discovered anew: ${anew}`);
const holds = before === "taken, key first" && after.startsWith("refused") && askedByKept === 1 && anew === "taken, key second";
console.log(holds ? "as told: a key turned over within a minute is refused by a kept configuration" : "this has changed");
process.exit(holds ? 0 : 1);
JS
node try.mjs
