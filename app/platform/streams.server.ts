import type { EventEmitter } from "node:events";

const ignored = (): void => undefined;

/**
 * The same stream with a listener for its errors that stays. Whoever reads it is told of an error by the reading
 * (`pipeline`, `for await`, `finished`); those take their listeners away again, and a second error, or one that comes
 * before anybody reads, would end the process. `tests/house/streams.ts` finds streams that have none.
 */
export const heard = <S extends Pick<EventEmitter, "on">>(stream: S): S => {
  stream.on("error", ignored);
  return stream;
};
