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
export function contentSecurityPolicy({ nonce, https, development, formTargets = [] }: HeaderOptions): string {
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
  return Object.entries(directives).map((parts) => parts.flat().join(" ")).join("; ");
}

/** Sets what every answer carries. What a route has set itself (a stricter policy for a file, say) stays. */
export function secureHeaders(headers: Headers, options: HeaderOptions): void {
  const usual: Record<string, string> = {
    "x-content-type-options": "nosniff",
    // `no-referrer` would make browsers send «Origin: null», and every form without script would fail the guard.
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ...(options.https ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
    ...((headers.get("content-type") ?? "").startsWith("text/html") ? { "content-security-policy": contentSecurityPolicy(options) } : { "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox" }),
  };
  for (const [name, value] of Object.entries(usual)) if (!headers.has(name)) headers.set(name, value);
}
