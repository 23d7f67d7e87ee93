/** Asks for something to be shown. Throws what the server said, or nothing where it was silent, for the query that asked to keep. */
import { problemOf } from "./commands";

interface Reply<Value> {
  data?: Value;
  error?: unknown;
}

/** One page of a list. */
export interface Page<Item> {
  items: Item[];
  next?: string | null;
}

export async function read<Value>(request: Promise<Reply<Value>>): Promise<Value> {
  const { data, error } = await request.catch((): Reply<Value> => ({}));
  if (data === undefined) throw new Error(problemOf(error).detail ?? "");
  return data;
}
