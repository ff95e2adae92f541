import { defined } from "../../lib/defined.ts";
import { foreignName } from "../../lib/guards/fence.ts";
import { KnownNames } from "../../lib/guards/known_names.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { Contact } from "../../lib/local_api/types/contacts.ts";
import { shortKey } from "../../lib/protocol/agent_id.ts";

/** Who invited, as the invitation says. */
export interface Inviter {
  readonly id: string;
  /** A claim; "" where it was left out. */
  readonly name: string;
}

/** What became of it, as data and in words. */
export interface Pinned {
  readonly inviter: {
    readonly id: string;
    readonly name?: string;
    /** Whether the key has a name among the contacts now. */
    readonly pinned: boolean;
  };
  readonly words: string;
}

/**
 * Keeps whoever invited as a contact. What the user pinned himself stays: a name that is another's, or looks like it,
 * is not pinned to a second key because an invitation says so.
 *
 * @throws {Failure} as the daemon's API.
 */
export async function pinInviter(
  api: Pick<LocalApi, "contacts" | "identity" | "pin">,
  { id, name }: Inviter,
): Promise<Pinned> {
  const key = `${shortKey(id)}…`;
  const told = (words: string, pinned: boolean, as = name): Pinned => ({
    inviter: { id, pinned, ...defined({ name: as || undefined }) },
    words,
  });
  if ((await api.identity()).id === id) {
    return told("the invitation is your own", false);
  }
  const { contacts } = await api.contacts();
  const known = contacts.find((one) => one.id === id)?.name;
  if (known !== undefined) {
    return told(
      `invited by ${foreignName(known)} (${key}), whom you know`,
      true,
      known,
    );
  }
  if (name === "") return told(`invited by the key ${key}, unnamed`, false);
  const other = namesakeOf({ id, name }, contacts);
  if (other !== null) {
    const words = `invited by one who goes by '${
      foreignName(name)
    }' (${key}), but not the ${foreignName(other)} that you know: not pinned`;
    return told(words, false);
  }
  await api.pin({ agent: id, name });
  return told(`invited by ${foreignName(name)} (${key}), now a contact`, true);
}

/** The pinned name that another key has and that this one would be taken for, or null. */
function namesakeOf(
  { id, name }: Inviter,
  contacts: readonly Contact[],
): string | null {
  const pinned = contacts.flatMap((one) =>
    one.name === undefined ? [] : { id: one.id, name: one.name }
  );
  return new KnownNames(pinned).conflictOf({ id, name });
}
