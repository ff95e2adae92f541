import { foreignName } from "../guards/fence.ts";
import { makeVisible } from "../guards/visible.ts";
import type { Contact } from "../local_api/types/contacts.ts";

/** An agent of whom something is kept, as one line: the whole key, the name pinned to it, and whether it is muted. */
export function contactText({ id, name, muted }: Contact): string {
  return [
    makeVisible(id),
    ...(name === undefined ? [] : [foreignName(name)]),
    ...(muted ? ["muted"] : []),
  ].join("  ");
}
