import type { SerializeFrom } from "@remix-run/node";

/** What a loader's answer is once it has reached the page. */
export type Jsonify<T> = SerializeFrom<T>;
