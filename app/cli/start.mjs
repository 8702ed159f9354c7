/** `npm start`: packages, build, then the server as a process of its own, watched over: what ends by accident is started again. */
import { existsSync } from "node:fs";
import path from "node:path";
import { beginNode, endAll, endTogether, isEnding } from "./child.mjs";
import { ensurePackages } from "./packages.mjs";
import { checkNode, enterRoot, followParent, isBuilt, root } from "./prepare.mjs";
import { fail, line, saying } from "./show.mjs";
import { supervise } from "./supervise.mjs";

const at = (...parts) => path.join(root, ...parts);

checkNode();
enterRoot();
followParent();
process.env.NODE_ENV ??= "production";
const alone = endTogether();
await ensurePackages();
if (!isBuilt()) await build();
alone.over();
process.exit(
  await supervise({
    args: [...roomForTheYoung(), ...process.execArgv, at("app/cli/serve.mjs")],
    name: "Anshi 安试",
    whenGivenUp: process.env.DATABASE_URL ? "" : "Its database still runs; the next start takes it over.",
  }),
);

/** Builds, and on an empty DATA_DIR loads the demonstration meanwhile. Nothing is printed of a build that goes well. */
async function build() {
  const data = isFirst() ? firstData() : null;
  const shown = saying(data ? "building, and preparing the database meanwhile" : "building");
  const { child, ended } = beginNode([at("app/cli/build.mjs"), "--unless-built"], { talks: true });
  child.on("message", (message) => data?.child.connected && data.child.send(message));
  /** @param {string} words */
  const giveUp = async (words) => {
    // Somebody else ends us, in order or with other words.
    if (isEnding()) await new Promise(() => {});
    await endAll();
    shown.end();
    fail(words);
  };
  await Promise.all([
    ended.then(({ status, said }) =>
      status === 0 ? undefined : giveUp(`${said.trim()}\n\nThe build failed; its own message stands above.`),
    ),
    data?.ended.then(({ status, said }) => {
      if (status === 1) return giveUp(said.trim());
      if (status !== 0 && !isEnding())
        line(`${said.trim()}\nThe database could not be prepared meanwhile; the server does it when all is built.`);
      return undefined;
    }),
  ]);
  shown.end();
}

/** No database of any kind yet: nothing that a build which fails could leave in a state of its own. */
function isFirst() {
  const { DATABASE_URL = "", DATA_DIR = "", ANSHI_DEMO = "" } = process.env;
  return (
    DATABASE_URL.trim() === "" &&
    ANSHI_DEMO.trim() !== "0" &&
    !existsSync(path.join(DATA_DIR.trim() || at(".data"), "postgres.json"))
  );
}

/** From the sources, before there is a server: see there. In a group of its own, so that a Ctrl-C reaches it once. */
function firstData() {
  const args = ["--import", "tsx", at("app/cli/first-data.ts")];
  return beginNode(args, { talks: true, apart: true, onLine: (text) => (text === "" ? undefined : line(text)) });
}

/**
 * What a page is made of is garbage when it is sent. With V8's own 16 MB it is looked through again and again while it lives:
 * the mix of 50 people of `npm run load` took 151 ms in the middle so, and 64 ms with 64 MB. Three times as much may be used.
 * What the operator says goes before. `deploy/Dockerfile` says the same.
 */
function roomForTheYoung() {
  const told = /semi[-_]space/.test([process.env.NODE_OPTIONS ?? "", ...process.execArgv].join(" "));
  return told ? [] : ["--max-semi-space-size=64"];
}
