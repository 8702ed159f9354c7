#!/usr/bin/env bash
# msw stands in for node:http and node:https before a connection is made: no socket is opened, so the `lookup` function of a
# request, which resolves the name and may refuse an address, is never called. A test of «this name must not be connected
# to» passes or fails by the handler alone, and says nothing of the guard.
# Who meets it: whoever tests senders of webhooks or fetchers of addresses that people enter, where the guard against inner
# addresses stands in `lookup`. Judge names and addresses with a real server on this machine; let msw stand in for status,
# body and order of answers.
# Versions: msw 2.15.0 (@mswjs/interceptors as it asks for), Node 20. Source: its ClientRequest interceptor mocks the socket.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error msw@2.15.0 >/dev/null
cat > try.mjs <<'JS'
import nodeHttp from "node:http";
import { readFileSync } from "node:fs";
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log(`msw ${version("msw")}, @mswjs/interceptors ${version("@mswjs/interceptors")}, Node ${process.versions.node}`);
const ask = (url, asked) =>
  new Promise((resolve) => {
    const lookup = (name, options, done) => {
      asked.push(name);
      done(null, options.all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4);
    };
    const req = nodeHttp.request(url, { lookup, agent: false }, (res) => {
      let text = "";
      res.on("data", (part) => (text += part));
      res.on("end", () => resolve(`whole: ${text}`));
      res.on("error", (error) => resolve(`broken: ${error.code ?? error.message}`));
    });
    req.on("error", (error) => resolve(`failed: ${error.code ?? error.message}`));
    req.end();
  });

const real = nodeHttp.createServer((_req, res) => res.end("ten bytes."));
await new Promise((resolve) => real.listen(0, "127.0.0.1", resolve));
const { port } = real.address();
const realAsked = [];
const realAnswer = await ask(`http://receiver.test:${port}/`, realAsked);
real.close();

const mocked = setupServer(
  http.get("http://receiver.test/", () => new HttpResponse("ten bytes.")),
);
mocked.listen({ onUnhandledRequest: "error" });
const mockAsked = [];
const mockAnswer = await ask("http://receiver.test/", mockAsked);
mocked.close();

console.log(`a real server: lookup asked for ${JSON.stringify(realAsked)}; ${realAnswer}`);
console.log(`msw:           lookup asked for ${JSON.stringify(mockAsked)}; ${mockAnswer}`);
const holds = realAsked.length === 1 && realAnswer === mockAnswer && mockAsked.length === 0 && mockAnswer === "whole: ten bytes.";
console.log(holds ? "as told: the same answer, and the stand-in never asked lookup" : "this has changed");
process.exit(holds ? 0 : 1);
JS
node try.mjs
