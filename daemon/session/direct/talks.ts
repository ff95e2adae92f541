import { Failure } from "../../../lib/errors.ts";
import type { MessagesQuery } from "../../../lib/local_api/types/mailbox.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import {
  directRoomOf,
  isDirectRoom,
} from "../../../lib/protocol/direct_room.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import type { DirectPeer } from "../../mailbox/direct_peers.ts";
import type { People } from "../read/people.ts";
import type { StoredState } from "../stored_state.ts";

export interface TalksOptions {
  readonly me: WhoAmI;
  readonly stored: Pick<
    StoredState,
    "peers" | "requests" | "contacts" | "rooms"
  >;
  readonly people: Pick<People, "whole" | "meant" | "known">;
  readonly askKeys: AskKeys;
}

/** The talks with one agent alone: whom a word means, and what each is called here. */
export class Talks {
  readonly #options: TalksOptions;

  constructor(options: TalksOptions) {
    this.#options = options;
  }

  /** Whether the agent is no stranger: it was written to, accepted, or is pinned. */
  isKnown(agent: string): boolean {
    const { peers, contacts } = this.#options.stored;
    return peers.of(agent) !== undefined ||
      contacts.get(agent)?.name !== undefined;
  }

  /** A room as it was asked for, by what it is called here; a talk that was never begun stays as it was typed. */
  meant<Query extends { readonly room?: RoomName }>(query: Query): Query {
    const { room } = query;
    if (room === undefined || !room.startsWith("@")) return query;
    const { peers } = this.#options.stored;
    if (peers.named(room) !== undefined) return query;
    const peer = peers.of(this.agentOf(room.slice(1)));
    return peer === undefined ? query : { ...query, room: peer.name };
  }

  /** Whom and where a query means, by their names here. @throws Failure as {@link People.meant} */
  asked<Query extends Pick<MessagesQuery, "from" | "room">>(
    query: Query,
  ): Query {
    return this.meant(this.#options.people.meant(query));
  }

  /** The talk that `@` and a word mean, begun where there is none. Rejects with a `Failure`. */
  async begin(room: RoomName): Promise<DirectPeer> {
    const { peers } = this.#options.stored;
    return peers.named(room) ?? peers.named(room.toLowerCase()) ??
      await this.with(this.agentOf(room.slice(1)));
  }

  /**
   * Refuses a word that is what a talk is called, by a name that was claimed, and stands for another agent too: its name is
   * pinned to that one since, or that one's key starts so.
   *
   * @throws Failure USAGE
   */
  checkMeant(room: RoomName): void {
    const { stored: { peers, contacts }, people } = this.#options;
    const word = room.slice(1);
    const peer = peers.named(room) ?? peers.named(room.toLowerCase());
    if (peer === undefined) return;
    const { agent, name } = peer;
    const slugOf = (pinned = "") => pinned && directRoomOf(pinned);
    const isOwn = slugOf(contacts.get(agent)?.name) === name;
    const pinned = contacts.all().filter((one) =>
      one.name?.toLowerCase() === word.toLowerCase() ||
      (!isOwn && slugOf(one.name) === name)
    ).map(({ id }) => id);
    const others = [...pinned, ...people.known(word)]
      .filter((id) => id !== agent);
    const [other] = others;
    if (other === undefined) return;
    throw new Failure("USAGE", {
      fields: {
        reason: `${name} is the talk with ${agent.slice(0, 12)}, and ${
          other.slice(0, 12)
        } is meant by that as well`,
        fix: "give the key whole",
      },
    });
  }

  /** The talk with an agent, begun where there is none. Rejects with a `Failure`. */
  async with(agent: string, claimed = ""): Promise<DirectPeer> {
    const { me, stored: { peers }, askKeys } = this.#options;
    const had = peers.of(agent);
    if (had !== undefined) return had;
    if (agent === me.id) {
      throw new Failure("USAGE", {
        fields: {
          reason: "this is your own key",
          fix: "give another agent's",
        },
      });
    }
    const { room: wire, kc } = await askKeys({ ask: "pair", id: agent });
    // Another call may have begun it meanwhile.
    const now = peers.of(agent);
    if (now !== undefined) return now;
    const peer = {
      agent,
      name: this.#freeName(agent, this.nameOf(agent, claimed)),
      wire,
      kc,
    };
    peers.add(peer);
    return peer;
  }

  /** The whole key of whom a word means. @throws Failure NOT_FOUND, USAGE */
  agentOf(word: string): string {
    if (isAgentId(word)) return word;
    const { people, stored: { rooms, requests, peers } } = this.#options;
    const named = peers.named(`@${word.toLowerCase()}`);
    if (named !== undefined) return named.agent;
    const members = rooms.all().flatMap((room) => room.memberIds);
    const waiting = requests.all().map(({ from }) => from);
    return people.whole(word, [...new Set([...members, ...waiting])]);
  }

  /** What an agent goes by: its pinned name, else the one that it claims. */
  nameOf(agent: string, claimed = ""): string {
    const { contacts, rooms, requests } = this.#options.stored;
    const pinned = contacts.get(agent)?.name;
    if (pinned !== undefined) return pinned;
    if (claimed !== "") return claimed;
    const member = rooms.all().flatMap((room) => room.view.members)
      .find(({ id }) => id === agent);
    return member?.name ?? requests.of(agent)?.from_name ?? "";
  }

  /** A claimed name that is, or looks like, another's is told apart by the key. */
  #freeName(agent: string, claimed: string): RoomName {
    const { me, stored: { peers, contacts } } = this.#options;
    const name = directRoomOf(claimed === "" ? agent.slice(0, 8) : claimed);
    const others = contacts.all()
      .flatMap(({ id, name }) => id === agent || name === undefined ? [] : name)
      .concat(me.name);
    const isTaken = peers.named(name) !== undefined ||
      others.some((other) => directRoomOf(other) === name);
    if (!isTaken) return name;
    const candidates = [8, 16, 24].map((length) =>
      directRoomOf(claimed, `-${agent.slice(0, length).toLowerCase()}`)
    );
    const free = candidates.find((one) =>
      isDirectRoom(one) && peers.named(one) === undefined
    );
    if (free !== undefined) return free;
    throw new Failure("INTERNAL", {
      fields: { reason: "no name is free for a talk" },
    });
  }
}
