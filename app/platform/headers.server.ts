export interface HeaderOptions {
  nonce: string;
  https: boolean;
  development: boolean;
  /** Where a form's answer may redirect to besides ourselves, such as an identity provider. */
  formTargets?: readonly string[];
}

/**
 * The content security policy (CSP level 3): scripts and style sheets are ours or carry this answer's nonce. Style
 * attributes stay allowed: charts drawn as SVG and bars need them, and they load nothing.
 */
function contentSecurityPolicy({ nonce, https, development, formTargets = [] }: HeaderOptions): string {
  const directives: Record<string, string[]> = {
    "default-src": ["'self'"],
    "script-src": ["'self'", `'nonce-${nonce}'`],
    "style-src": development ? ["'self'", "'unsafe-inline'"] : ["'self'", `'nonce-${nonce}'`],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": development ? ["'self'", "ws:"] : ["'self'"],
    "worker-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-src": ["'self'", "blob:"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'", ...formTargets],
    ...(https ? { "upgrade-insecure-requests": [] } : {}),
  };
  return Object.entries(directives)
    .map((parts) => parts.flat().join(" "))
    .join("; ");
}

/**
 * Pages get the policy; a PDF may stand in a frame of ours, and the browser's viewer must be able to draw it; scripts and
 * styles are told who may frame them and no more, since what a worker's script is given binds the worker; anything else,
 * should it be opened as a page, may do nothing at all.
 */
function policyFor(type: string, options: HeaderOptions): Record<string, string> {
  const policy = (text: string) => ({ "content-security-policy": text });
  if (type === "text/html") return policy(contentSecurityPolicy(options));
  if (type === "application/pdf") return { ...policy("frame-ancestors 'self'"), "x-frame-options": "SAMEORIGIN" };
  if (type === "text/javascript" || type === "text/css" || type.startsWith("font/"))
    return policy("frame-ancestors 'none'");
  return policy("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox");
}

/** Sets what every answer carries. What a route has set itself (a stricter policy for a file, say) stays. */
export function secureHeaders(headers: Headers, options: HeaderOptions): void {
  const usual: Record<string, string> = {
    // What is shown to one person stays in no cache, their browser's included; files that may be kept say so themselves.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    // `no-referrer` would make browsers send «Origin: null», and every form without script would fail the guard.
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(options.https ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
    ...policyFor((headers.get("content-type") ?? "").split(";")[0]?.trim() ?? "", options),
  };
  for (const [name, value] of Object.entries(usual)) if (!headers.has(name)) headers.set(name, value);
}
