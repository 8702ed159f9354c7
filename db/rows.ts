/** tx.execute answers with the driver's own list. */
export function rowsOf<T>(result: unknown): T[] {
  return [...(result as Iterable<T>)];
}
