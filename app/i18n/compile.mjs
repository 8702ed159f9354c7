/**
 * Compiles the message files to typed functions: `npm run i18n`.
 *
 * Each feature keeps its own pair of files, `messages/<locale>/<feature>.json`. Paraglide wants every file named in its
 * settings, so a list in the repository would be touched by every feature; here the list is read from the folder instead.
 * The output is compiled beside and then moved over file by file: tests and servers that read it meanwhile see whole
 * files only, and a second compilation at the same time does no harm.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const outdir = path.join(here, "paraglide");
const messages = path.join(here, "messages");
const settingsFile = path.join(here, "project.inlang", "settings.json");
/** What the output was made of, written when all of it is there. */
const stamp = path.join(outdir, ".stamp");

/** Features that have messages, in order of name. @returns {string[]} */
export function features() {
  return fs
    .readdirSync(path.join(messages, "zh-CN"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/** Refuses a key that two features define: the later file would win in silence. */
function refuseDuplicates() {
  const owner = new Map();
  for (const feature of features()) {
    const keys = Object.keys(JSON.parse(fs.readFileSync(path.join(messages, "zh-CN", `${feature}.json`), "utf8")));
    for (const key of keys) {
      if (key.startsWith("$")) continue;
      const other = owner.get(key);
      if (other) throw new Error(`i18n: «${key}» stands both in ${other}.json and in ${feature}.json`);
      owner.set(key, feature);
    }
  }
}

/** @param {string} dir @returns {string[]} */
function filesBelow(dir) {
  if (!fs.existsSync(dir)) return [];
  return fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath ?? entry.path, entry.name)));
}

/** Makes `to` hold exactly what `from` holds, touching only what differs. @param {string} from @param {string} to */
function mirror(from, to) {
  const wanted = new Set(filesBelow(from));
  for (const file of wanted) {
    const target = path.join(to, file);
    const content = fs.readFileSync(path.join(from, file));
    if (fs.existsSync(target) && fs.readFileSync(target).equals(content)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    const half = `${target}.${process.pid}.part`;
    fs.writeFileSync(half, content);
    fs.renameSync(half, target);
  }
  for (const file of filesBelow(to)) {
    if (!wanted.has(file) && !file.endsWith(".part")) fs.rmSync(path.join(to, file), { force: true });
  }
}

/**
 * Plural rules are made once a language instead of at every call: making them took 7 % of a table's page.
 * @param {string} file the compiled registry
 */
function keepPluralRules(file) {
  const made = "return new Intl.PluralRules(locale, options).select(Number(input))";
  const kept = `if (options && Object.keys(options).length > 0) ${made};
	let rules = pluralRules.get(locale);
	if (!rules) pluralRules.set(locale, (rules = new Intl.PluralRules(locale)));
	return rules.select(Number(input))`;
  const text = fs.readFileSync(file, "utf8");
  if (!text.includes(made))
    throw new Error("i18n: the compiler writes its plural rules otherwise; see keepPluralRules");
  const declared = "/** @type {Map<string, Intl.PluralRules>} */\nconst pluralRules = new Map();\n";
  fs.writeFileSync(file, `${text.replace(made, () => kept)}\n\n${declared}`);
}

/**
 * The index names what it hands on: rollup looks for each of 3,000 messages in as many `export *`, one after the other,
 * which was most of a build's time.
 * @param {string} folder the compiled messages
 */
function nameExports(folder) {
  const index = path.join(folder, "_index.js");
  const text = fs.readFileSync(index, "utf8");
  const named = text.replaceAll(/^export \* from '\.\/(.+)'$/gm, (_line, file) => {
    const module = fs.readFileSync(path.join(folder, file), "utf8");
    const names = [
      ...[...module.matchAll(/^export const (\w+)/gm)].map(([, name]) => name),
      ...[...module.matchAll(/^export \{ \w+ as (".+?") \}/gm)].map(([, name]) => name),
    ];
    if (names.length === 0) throw new Error(`i18n: the compiler writes ${file} otherwise; see nameExports`);
    return `export { ${names.join(", ")} } from './${file}'`;
  });
  if (named.includes("export *")) throw new Error("i18n: the compiler writes its index otherwise; see nameExports");
  fs.writeFileSync(index, named);
}

/** Fingerprint of all that the compiled messages are made of. */
function sources() {
  const packages = ["@inlang/paraglide-js", "@inlang/plugin-message-format"].map((name) =>
    path.resolve(here, "../../node_modules", name, "package.json"),
  );
  const words = filesBelow(messages).map((file) => path.join(messages, file));
  const hash = createHash("sha256");
  for (const file of [fileURLToPath(import.meta.url), settingsFile, ...packages, ...words.sort()])
    hash.update(`\0${file}\0`).update(fs.readFileSync(file));
  return hash.digest("hex");
}

/** Is the output made of exactly these sources? @param {string} hash */
const isMade = (hash) =>
  fs.existsSync(path.join(outdir, "messages.js")) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === hash;

/**
 * Compiles all messages into `app/i18n/paraglide`, unless they are there. Throws when a key is defined twice. Each build asks
 * for it four times, and it takes seconds.
 */
export async function compileMessages() {
  const hash = sources();
  if (isMade(hash)) return;
  refuseDuplicates();
  const { compile } = await import("@inlang/paraglide-js");
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "anshi-i18n-"));
  try {
    const settings = JSON.parse(fs.readFileSync(settingsFile, "utf8"));
    const project = path.join(temporary, "project.inlang");
    fs.mkdirSync(project);
    settings.modules = settings.modules.map((/** @type {string} */ module) =>
      path.resolve(here, "project.inlang", module),
    );
    settings["plugin.inlang.messageFormat"].pathPattern = features().map((name) =>
      path.join(messages, "{locale}", `${name}.json`),
    );
    fs.writeFileSync(path.join(project, "settings.json"), JSON.stringify(settings));
    await compile({
      project,
      outdir: path.join(temporary, "out"),
      // `?lng=` wins over the cookie (CONTRACT.md): ./locale.server.ts looks there first, the browser reads <html lang>
      strategy: ["cookie", "baseLocale"],
      cookieName: "anshi_lng",
      cookieMaxAge: 60 * 60 * 24 * 365,
      outputStructure: "message-modules",
      // not import.meta.env.SSR: jobs, documents and tests run the messages without a bundler
      isServer: "typeof window === 'undefined'",
      emitReadme: false,
      emitPrettierIgnore: false,
    });
    keepPluralRules(path.join(temporary, "out", "registry.js"));
    nameExports(path.join(temporary, "out", "messages"));
    fs.rmSync(stamp, { force: true });
    mirror(path.join(temporary, "out"), outdir);
    fs.writeFileSync(stamp, hash);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await compileMessages();
