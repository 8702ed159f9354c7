import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

interface Shared {
  readonly name: string;
  readonly held: number;
  readonly waiting: number;
  readonly turnedAway: Readonly<Record<string, number>>;
}

export interface Metrics {
  /** Prometheus text. */
  text(): Promise<string>;
  readonly contentType: string;
  /** `route` is a pattern, never a path: the number of series must not grow with what people ask for. */
  request(route: string, method: string, status: number, seconds: number): void;
  inFlight(change: 1 | -1): void;
  document(kind: string, seconds: number): void;
  refused(reason: string): void;
  /** The event loop stood still for so long. */
  stalled(seconds: number): void;
  /** A number read when somebody asks, such as the length of a queue. */
  /** The gates, read when somebody asks. By resource alone: no tenant is a label. */
  shares(read: () => readonly Shared[]): void;
  gauge(name: string, help: string, read: () => number | Promise<number>): void;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "anshi_" });
  const requests = new Histogram({
    name: "anshi_http_request_seconds",
    help: "Time to answer a request, by route pattern",
    labelNames: ["route", "method", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const flying = new Gauge({ name: "anshi_http_requests_in_flight", help: "Requests being answered", registers });
  const documents = new Histogram({
    name: "anshi_document_seconds",
    help: "Time to make a document, by kind",
    labelNames: ["kind"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const refusals = new Counter({
    name: "anshi_http_refused_total",
    help: "Requests refused before any route saw them",
    labelNames: ["reason"],
    registers,
  });
  const stalls = new Histogram({
    name: "anshi_event_loop_stall_seconds",
    help: "Stalls of the event loop longer than STALL_LIMIT_MS, counted when they are over",
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    request: (route, method, status, seconds) =>
      requests.observe(
        { route, method: METHODS.has(method) ? method : "other", status: `${Math.floor(status / 100)}xx` },
        seconds,
      ),
    inFlight: (change) => flying.inc(change),
    document: (kind, seconds) => documents.observe({ kind }, seconds),
    refused: (reason) => refusals.inc({ reason }),
    stalled: (seconds) => stalls.observe(seconds),
    shares: (read) => showShares(registry, read),
    gauge(name, help, read) {
      registry.removeSingleMetric(name);
      const made = new Gauge({
        name,
        help,
        registers,
        async collect() {
          made.set(await read());
        },
      });
    },
  };
}

/** Gates as gauges and a counter, read when somebody asks; made anew where they were made before. */
function showShares(registry: Registry, read: () => readonly Shared[]): void {
  const registers = [registry];
  for (const name of ["anshi_share_held", "anshi_share_waiting", "anshi_share_refused_total"])
    registry.removeSingleMetric(name);
  const gauge = (name: string, help: string, of: (one: Shared) => number) => {
    const made: Gauge = new Gauge({
      name,
      help,
      labelNames: ["resource"],
      registers,
      collect: () => read().forEach((one) => made.set({ resource: one.name }, of(one))),
    });
    return made;
  };
  gauge("anshi_share_held", "Requests that hold one of a scarce resource", (one) => one.held);
  gauge("anshi_share_waiting", "Requests that wait for one", (one) => one.waiting);
  const refused: Counter = new Counter({
    name: "anshi_share_refused_total",
    help: "Requests that did not get one: the queue was full, the wait too long, or the client gone",
    labelNames: ["resource", "reason"],
    registers,
    collect() {
      refused.reset();
      for (const { name, turnedAway } of read())
        for (const [reason, n] of Object.entries(turnedAway)) refused.inc({ resource: name, reason }, n);
    },
  });
}

/** The process's own: event loop, memory and collector come with it. */
export const metrics: Metrics = createMetrics();
