import { pdf } from "@react-pdf/renderer";
import type { ReactElement } from "react";

/** A node of the reconciled react-pdf tree: what `pdf(element)` holds before it is laid out. */
export interface SourceNode {
  readonly type: string;
  readonly style: Readonly<Record<string, unknown>>;
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly SourceNode[];
  /** Text of a TEXT_INSTANCE. */
  readonly value?: string;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function flattenStyle(style: unknown): Record<string, unknown> {
  if (Array.isArray(style)) return Object.assign({}, ...style.map(flattenStyle)) as Record<string, unknown>;
  return isRecord(style) ? style : {};
}

function toSource(node: unknown): SourceNode {
  if (!isRecord(node) || typeof node["type"] !== "string") throw new TypeError("Not a node of a react-pdf document");
  const children = Array.isArray(node["children"]) ? node["children"].map(toSource) : [];
  const source = {
    type: node["type"],
    style: flattenStyle(node["style"]),
    props: isRecord(node["props"]) ? node["props"] : {},
    children,
  };
  return typeof node["value"] === "string" ? { ...source, value: node["value"] } : source;
}

/** Reconciles a `<Document>` and returns its `<Page>` nodes. */
export function pagesOf(document: ReactElement): readonly SourceNode[] {
  const container: unknown = pdf(document).container;
  if (!isRecord(container)) throw new TypeError("The document did not render");
  return toSource(container["document"]).children;
}

export function numberOf(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
