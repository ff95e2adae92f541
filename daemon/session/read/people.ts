import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { KnownNames } from "../../../lib/guards/known_names.ts";
import type {
  Contact,
  ContactDone,
  ContactsPage,
  PinRequest,
} from "../../../lib/local_api/types/contacts.ts";
import type { HistoryMessage } from "../../../lib/local_api/types/messages.ts";
import type {
  MessageQuery,
  MessagesQuery,
} from "../../../lib/local_api/types/mailbox.ts";
import type { RoomMember } from "../../../lib/local_api/types/rooms.ts";
import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import { WIRE } from "../../../lib/protocol/limits.ts";
import { utf8Bytes } from "../../../lib/protocol/names.ts";
import { findRefused } from "../../../lib/text_rules/characters.ts";
import type { Mentions } from "../../mailbox/mentions.ts";
import type { Contacts } from "../../mailbox/contacts.ts";
import type { DirectPeers } from "../../mailbox/direct_peers.ts";
import type { MessageRequests } from "../../mailbox/message_requests.ts";
import type { Rooms } from "../rooms.ts";
import { authorMeant, checkAuthorStart, SHORTEST_START } from "./key_start.ts";

export interface PeopleOptions {
  readonly me: string;
  readonly contacts: Contacts;
  readonly rooms: Pick<Rooms, "all">;
  readonly peers: Pick<DirectPeers, "all">;
  readonly requests: Pick<MessageRequests, "all">;
  readonly clock: Pick<Clock, "wall">;
  readonly mentions: Pick<Mentions, "has">;
}

/** Who is muted, and whose name is known: an agent's name is a claim, the one pinned here is not. */
export class People {
  readonly #options: PeopleOptions;
  #muted: ReadonlySet<string> = new Set();
  #known = new KnownNames([]);

  /** @throws Failure FILE_TROUBLE */
  constructor(options: PeopleOptions) {
    this.#options = options;
    this.#learn();
  }

  isMuted(id: string): boolean {
    return this.#muted.has(id);
  }

  /** The message with what is known of it: our own or for us, its author muted, or by a name that is another's. */
  marked<Message extends HistoryMessage>(message: Message): Message {
    const { from, from_name } = message;
    const { me, mentions } = this.#options;
    if (from === me) return { ...message, you: true };
    const known = this.#known.conflictOf({ id: from, name: from_name });
    return {
      ...message,
      ...(mentions.has(message) ? { mention: true } : {}),
      ...(this.isMuted(from) ? { muted: true } : {}),
      ...(known === null ? {} : { name_conflict: known }),
    };
  }

  /** The query with the whole key of whom it asks for, where that is one. @throws Failure USAGE */
  meant<Query extends Pick<MessagesQuery, "from">>(query: Query): Query {
    const { from } = query;
    if (from === undefined) return query;
    const word = authorMeant(from, (start) => this.#ids(start));
    return { ...query, from: isAgentId(word) ? word : this.#named(word) };
  }

  /** A member of a room, marked where its name is another's. */
  member(member: RoomMember): RoomMember {
    const name_conflict = this.#known.conflictOf(member);
    return name_conflict === null ? member : { ...member, name_conflict };
  }

  /**
   * The key that a name stands for, where it is pinned to one; else the word as it is, unless several who are here go by
   * the name: anybody can.
   *
   * @throws Failure USAGE
   */
  #named(word: string): string {
    const { contacts, rooms } = this.#options;
    const name = word.replace(/^@/, "").toLowerCase();
    const isSo = (other: string | undefined) => other?.toLowerCase() === name;
    const pinned = contacts.all().filter((one) => isSo(one.name));
    const [only] = pinned;
    if (only !== undefined && pinned.length === 1) return only.id;
    const members = rooms.all().flatMap((room) => room.view.members)
      .filter((one) => isSo(one.name));
    const ids = [...new Set(members.map(({ id }) => id))];
    if (ids.length < 2) return word;
    const told = ids.slice(0, 5).map((id) => id.slice(0, 12)).join(", ");
    throw usage(
      `several agents go by that name: ${told}`,
      "give the key whole, or its first 8 characters",
    );
  }

  /** @throws Failure USAGE where `from` could be a forged key's start as well. */
  checkAuthor({ from = "" }: MessageQuery): void {
    checkAuthorStart(from, (start) => this.#ids(start));
  }

  /**
   * The whole key of whom a word means, one of `members` by its name too.
   *
   * @throws Failure NOT_FOUND or USAGE
   */
  whole(agent: string, members: readonly string[]): string {
    if (isAgentId(agent)) return agent;
    const word = this.#named(agent);
    if (isAgentId(word)) return word;
    const name = agent.replace(/^@/, "").toLowerCase();
    const named = this.#options.rooms.all()
      .flatMap((room) => room.view.members)
      .filter((one) => one.name.toLowerCase() === name)
      .map(({ id }) => id);
    const known = new Set([...named].filter((id) => members.includes(id)));
    const [only] = known;
    if (only !== undefined && known.size === 1) {
      // Anybody can go by the start of another's key.
      if (this.known(agent).every((id) => id === only)) return only;
      throw usage(
        `'${agent}' is a name here, and the start of another's key`,
        "give the key whole",
      );
    }
    checkWord(agent);
    return oneOf(agent, [...members, ...this.#ids(agent)]);
  }

  /** Whom a word means as the start of a key, if it is long enough to be one. */
  known(start: string): readonly string[] {
    return start.length < SHORTEST_START ? [] : this.#ids(start);
  }

  all(): ContactsPage {
    return { contacts: this.#options.contacts.all() };
  }

  /** @throws Failure NOT_FOUND, USAGE or FILE_TROUBLE, as each below */
  mute(agent: string): ContactDone {
    return this.#change(this.#whole(agent), { muted: true });
  }

  unmute(agent: string): ContactDone {
    return this.#change(this.#kept(agent), { muted: false });
  }

  pin({ agent, name }: PinRequest): ContactDone {
    return this.#change(this.#whole(agent), { name: checkedName(name) });
  }

  unpin(agent: string): ContactDone {
    const { name: _name, ...rest } = this.#kept(agent);
    return this.#change(rest, {});
  }

  #change(was: Contact, change: Partial<Contact>): ContactDone {
    const contact = { ...was, ...change };
    this.#options.contacts.save(contact);
    this.#learn();
    return { contact };
  }

  #learn(): void {
    const contacts = this.#options.contacts.all();
    this.#muted = new Set(
      contacts.filter(({ muted }) => muted).map(({ id }) => id),
    );
    this.#known = new KnownNames(
      contacts.flatMap(({ id, name }) =>
        name === undefined ? [] : { id, name }
      ),
    );
  }

  /** Ids known here that start so: contacts, authors of messages and requests, members of rooms, the others of talks. */
  #ids(start: string): string[] {
    const { contacts, rooms, peers, requests } = this.#options;
    return [
      ...peers.all().map(({ agent }) => agent),
      ...requests.all().map(({ from }) => from),
      ...contacts.all().map((one) => one.id),
      ...contacts.authors(start),
      ...rooms.all().flatMap((room) => room.memberIds),
    ].filter((id) => id.startsWith(start));
  }

  /** What is kept of an agent, or would be. */
  #whole(agent: string): Contact {
    const { contacts, me, clock } = this.#options;
    if (!isAgentId(agent)) checkStart(agent);
    const id = isAgentId(agent) ? agent : oneOf(agent, this.#ids(agent));
    if (id === me) {
      throw usage("this is your own key", "give another agent's");
    }
    return contacts.get(id) ?? { id, muted: false, added_at: clock.wall() };
  }

  /** A contact that is there; undone by its name too, which is ours. */
  #kept(agent: string): Contact {
    const contacts = this.#options.contacts.all();
    const named = contacts.filter(({ name }) => name === agent);
    const id = named.length === 1
      ? named[0]!.id
      : (checkStart(agent), oneOf(agent, contacts.map((one) => one.id)));
    return this.#options.contacts.get(id)!;
  }
}

/** @throws Failure USAGE */
function checkStart(agent: string): void {
  if (agent.length >= SHORTEST_START) return;
  throw usage(
    `'${agent}' is no key`,
    `give a key, or its first ${SHORTEST_START} characters or more`,
  );
}

/** As {@link checkStart}, where a name will do too. @throws Failure USAGE */
function checkWord(agent: string): void {
  if (agent.length >= SHORTEST_START) return;
  throw usage(
    `'${agent}' is no key, and no name known here`,
    `give its key, the first ${SHORTEST_START} characters or more, or the name of a member as 'agentnet who ROOM' shows it`,
  );
}

/** The one id that starts so. @throws Failure NOT_FOUND or USAGE */
function oneOf(start: string, ids: readonly string[]): string {
  const found = new Set(ids.filter((id) => id.startsWith(start)));
  const [first] = found;
  if (first === undefined) {
    throw new Failure("NOT_FOUND", {
      fields: {
        what: `agent known here whose key starts with '${start}'`,
        fix: "give the whole key: agentnet who ROOM --json",
      },
    });
  }
  if (found.size > 1) {
    throw usage(`several keys start with '${start}'`, "give the whole key");
  }
  return first;
}

function checkedName(text: string): string {
  const name = text.trim();
  const refused = findRefused(name);
  if (refused !== null) {
    throw usage(`the name holds ${refused}`, "give it without");
  }
  const bytes = utf8Bytes(name);
  if (bytes > 0 && bytes <= WIRE.displayName) return name;
  throw usage(
    `the name has ${bytes} bytes`,
    `give one of 1 to ${WIRE.displayName} bytes`,
  );
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
