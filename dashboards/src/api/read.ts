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

/** What stands on all pages of a list. */
export async function readAll<Item>(readPage: (cursor?: string) => Promise<Page<Item>>): Promise<Item[]> {
  const page = await readPage();
  const items = [...page.items];
  for (let next = page.next; next; ) {
    const further = await readPage(next);
    items.push(...further.items);
    next = further.next;
  }
  return items;
}
