/** What the parent asks a client process to do, and what it is told of it. Everything here travels as JSON. */

/** One request. Where `body` has `{rev}`, the number of the last answer's `"rev"` to this step stands there (0 at first). */
export interface Step {
  /** Groups the figures: «page», «data», «api», «write», «file», «probe». */
  kind: string;
  method: "GET" | "POST" | "PUT";
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Takes the cookie of the answer and follows its redirect; both count as one. */
  follow?: boolean;
}

/** Somebody, or a crowd of one kind, that sends one request after another. */
export interface Lane {
  name: string;
  /** Requests at one time. */
  parallel: number;
  /** Milliseconds between an answer and the next request, from and to. */
  think: readonly [number, number];
  headers: Readonly<Record<string, string>>;
  steps: readonly Step[];
  /** Each step once and no more; otherwise one drawn at random until the time is over. */
  once?: boolean;
  /** Ends after so many requests. */
  most?: number;
}

export interface Job {
  url: string;
  /** The end: what is under way then is cut, and counted with the time it had waited. */
  seconds: number;
  lanes: readonly Lane[];
}

export interface Sample {
  lane: string;
  kind: string;
  /** Milliseconds until the last byte. */
  ms: number;
  /** «200», or «cut» at the end of the time, or the code of an error of the connection. */
  status: string;
}

export interface Done {
  samples: Sample[];
  /** Seconds that the job took. */
  seconds: number;
}
