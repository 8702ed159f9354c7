import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

type Body = Uint8Array<ArrayBuffer>;
interface Asset {
  type: string;
  /** By content encoding; the plain file under «identity». */
  bodies: Map<string, Body>;
  immutable: boolean;
}

export type Assets = (request: Request) => Response | null;

/**
 * The files of the built interface, read once: they are few and small, and none can be asked for that was not there at
 * the start. What the build named by its content may be kept for ever.
 */
export function loadAssets(folder: string): Assets {
  const assets = new Map<string, Asset>();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = names.map((entry) => join(entry.parentPath, entry.name));
  const read = (path: string): Body => new Uint8Array(readFileSync(path));
  for (const path of paths) {
    const type = TYPES[extname(path)];
    const url = `/${relative(folder, path).split(sep).join("/")}`;
    if (type === undefined || url.startsWith("/.vite/")) continue;
    const bodies = new Map([["identity", read(path)]]);
    for (const [encoding, ending] of ENCODINGS)
      if (paths.includes(path + ending)) bodies.set(encoding, read(path + ending));
    assets.set(url, { type, bodies, immutable: url.startsWith("/assets/") });
  }
  return (request) => answer(assets, request);
}

function answer(assets: ReadonlyMap<string, Asset>, request: Request): Response | null {
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  const asset = assets.get(new URL(request.url).pathname);
  if (!asset) return null;
  const accepted = new Set(
    (request.headers.get("accept-encoding") ?? "").split(",").map((part) => part.split(";")[0]?.trim()),
  );
  const encoding =
    ENCODINGS.map(([name]) => name).find((name) => accepted.has(name) && asset.bodies.has(name)) ?? "identity";
  const body = asset.bodies.get(encoding) ?? new Uint8Array();
  return new Response(request.method === "HEAD" ? null : body, {
    headers: {
      "content-type": asset.type,
      "content-length": String(body.byteLength),
      "cache-control": asset.immutable ? "public, max-age=31536000, immutable" : "public, max-age=3600",
      vary: "Accept-Encoding",
      ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
    },
  });
}
