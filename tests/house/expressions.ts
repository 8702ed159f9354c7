import ts from "typescript";

/*
 * Regular expressions that stand in a source text, as literals and as `new RegExp("…")` of one plain text. An expression that
 * is put together at run time is not seen.
 */

export interface Expression {
  file: string;
  line: number;
  source: string;
  flags: string;
}

const plain = (node: ts.Expression | undefined): string | null =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;

export function expressionsIn(file: string, text: string): Expression[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const note = (node: ts.Node, source: string, flags: string) =>
    found.push({ file, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1, source, flags });
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      note(node, node.text.slice(1, end), node.text.slice(end + 1));
    } else if (
      (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "RegExp"
    ) {
      const source = plain(node.arguments?.[0]);
      if (source !== null) note(node, source, plain(node.arguments?.[1]) ?? "");
    }
    ts.forEachChild(node, walk);
  };
  walk(tree);
  return found;
}
