const ACCEPTED = /^[\w-]{8,64}$/;

/** The proxy's number for a request where a proxy is trusted and its number is harmless in a log; else one of our own. */
export function requestIdOf(
  headers: Headers,
  trustProxy: boolean,
  random: () => string = () => crypto.randomUUID(),
): string {
  const given = headers.get("x-request-id");
  return trustProxy && given !== null && ACCEPTED.test(given) ? given : random();
}
