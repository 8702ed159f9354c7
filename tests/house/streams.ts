import ts from "typescript";

/*
 * A Node stream whose error nobody hears ends the process. Two shapes lead there: a listener that hears once (a library may
 * tell of a second error), and a stream that is made and read by nobody who listens, or only after an await. Read from the
 * syntax tree: no types are needed, and all of the house takes a second.
 */

export interface Finding {
  file: string;
  line: number;
  what: string;
}

/** Calls that make a stream, by the name they are called by. */
const makers = new Set([
  "createReadStream",
  "createWriteStream",
  "busboy",
  "openReadStream",
  "openReadStreamPromise",
  "openPromise",
  "createConnection",
  "createGzip",
  "createGunzip",
  "createInflate",
  "createDeflate",
  "createBrotliDecompress",
]);
/** As methods of these alone, for their names are common. */
const made: ReadonlyMap<string, readonly string[]> = new Map([
  ["Readable", ["from", "fromWeb"]],
  ["Writable", ["fromWeb"]],
  ["Duplex", ["from", "fromWeb"]],
  ["http", ["request", "get"]],
  ["https", ["request", "get"]],
  ["net", ["connect"]],
  ["tls", ["connect"]],
]);
const classes = new Set(["Transform", "PassThrough", "Readable", "Writable", "Duplex", "Socket", "WebSocket"]);
/** Who takes a stream and hears its errors to the end. `toWeb` leaves a listener on it. */
const hearers = new Set(["heard", "pipeline", "toWeb"]);

const nameOf = (node: ts.Expression): string =>
  ts.isPropertyAccessExpression(node) ? node.name.text : ts.isIdentifier(node) ? node.text : "";

function makes(node: ts.Node): string | null {
  if (ts.isNewExpression(node)) return classes.has(nameOf(node.expression)) ? `new ${nameOf(node.expression)}` : null;
  if (!ts.isCallExpression(node)) return null;
  const { expression } = node;
  if (ts.isPropertyAccessExpression(expression)) {
    // `(secure ? https : http).request` as well.
    const owners = expression.expression.getText().match(/\w+/g) ?? [];
    if (owners.some((owner) => made.get(owner)?.includes(expression.name.text)))
      return `${owners.at(-1) ?? ""}.${expression.name.text}`;
  }
  return makers.has(nameOf(expression)) ? nameOf(expression) : null;
}

/** What stands around an expression without being of its own. */
function outer(node: ts.Node): ts.Node {
  let { parent } = node;
  while (
    ts.isAwaitExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isConditionalExpression(parent)
  )
    parent = parent.parent;
  return parent;
}

const isHearing = (call: ts.Node): boolean => ts.isCallExpression(call) && hearers.has(nameOf(call.expression));
const listens = (call: ts.Node): boolean => {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const [event] = call.arguments;
  return (
    ["on", "addListener"].includes(call.expression.name.text) &&
    event !== undefined &&
    ts.isStringLiteral(event) &&
    event.text === "error"
  );
};

function body(node: ts.Node): ts.Node {
  let { parent } = node;
  while (!ts.isFunctionLike(parent) && !ts.isSourceFile(parent) && !ts.isPropertyDeclaration(parent))
    parent = parent.parent;
  return parent;
}

/** Is the stream of this name heard in the same function, with no await before? */
function isHeard(name: string, from: ts.Node): boolean {
  let found = false;
  let waited = false;
  const look = (node: ts.Node): void => {
    if (node.pos >= from.end && !found) {
      if (ts.isCallExpression(node)) {
        const first = ts.isPropertyAccessExpression(node.expression) ? node.expression.expression : undefined;
        const by = listens(node) && first !== undefined && first.getText().split(/[.(]/)[0] === name;
        const handed = isHearing(node) && node.arguments.some((one) => one.getText() === name);
        if (!waited && (by || handed)) found = true;
      }
      // `await pipeline(…)` begins before it waits; so what an await holds is looked at first.
      ts.forEachChild(node, look);
      if (ts.isAwaitExpression(node)) waited = true;
      return;
    }
    ts.forEachChild(node, look);
  };
  look(body(from));
  return found;
}

/** The whole chain that begins with the making: `createReadStream(…).on("error", …)`, `openPromise(…).catch(…)`. */
function chain(node: ts.Node): { end: ts.Node; heard: boolean } {
  let end = node;
  let listening = false;
  while (
    ts.isPropertyAccessExpression(end.parent) &&
    ts.isCallExpression(end.parent.parent) &&
    end.parent.expression === end
  ) {
    end = end.parent.parent;
    listening ||= listens(end);
  }
  return { end, heard: listening };
}

function holds(node: ts.Node): boolean {
  const { end, heard } = chain(node);
  const around = outer(end);
  if (heard || isHearing(around)) return true;
  if (ts.isVariableDeclaration(around) && ts.isIdentifier(around.name)) return isHeard(around.name.text, around);
  return (
    ts.isBinaryExpression(around) &&
    around.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isIdentifier(around.left) &&
    isHeard(around.left.text, around)
  );
}

/** What is amiss in one file's text. */
export function deafStreams(file: string, text: string): Finding[] {
  const source = ts.createSourceFile(
    file,
    text,
    ts.ScriptTarget.ES2022,
    true,
    /\.[jt]sx$/.test(file) ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: Finding[] = [];
  const tell = (node: ts.Node, what: string) =>
    found.push({ file, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, what });
  const look = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      ["once", "prependOnceListener"].includes(node.expression.name.text)
    ) {
      const [event] = node.arguments;
      if (event && ts.isStringLiteral(event) && event.text === "error")
        tell(node, 'hears its error once: .on("error", …) stays');
    }
    const what = makes(node);
    if (what !== null && !holds(node))
      tell(node, `${what}: nobody hears its errors from the first moment (heard, pipeline, .on("error"))`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}
