import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type {
  HistoryPage,
  HistoryQuery,
} from "../../../lib/local_api/types/history.ts";
import type { JoinedRoom } from "../../../lib/local_api/types/rooms.ts";
import type { TalkStatus } from "../../../lib/local_api/types/status.ts";
import type { WhoAmI } from "../../../lib/local_api/types/daemon.ts";
import { isDirectRoom } from "../../../lib/protocol/direct_room.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { DirectPeer } from "../../mailbox/direct_peers.ts";
import type { ShownMessages } from "../read/shown_messages.ts";
import type { Reconnect } from "../reconnect.ts";
import type { StoredState } from "../stored_state.ts";
import type { PairPlaces } from "./pair_places.ts";
import type { TalkHearing } from "./talk_hearing.ts";
import type { Talks } from "./talks.ts";

export interface TalkViewsOptions {
  readonly me: WhoAmI;
  readonly stored: Pick<
    StoredState,
    "mailbox" | "peers" | "sends" | "requests" | "unread"
  >;
  readonly talks: Pick<Talks, "meant" | "nameOf">;
  readonly hearing: Pick<TalkHearing, "hasTwo">;
  readonly places: Pick<PairPlaces, "isHere">;
  readonly shown: Pick<ShownMessages, "all">;
  readonly reconnect: Pick<Reconnect, "connection">;
}

/** Messages of a talk that are looked through: as many as a mailbox keeps by default, and more. */
const MOST_MESSAGES = 3_000;
/** Talks that `status` lists; those in which something waits come first. */
const MOST_LISTED = 100;

/** The talks with one agent, as rooms are shown: who is in one, what was said in it, how it stands. */
export class TalkViews {
  readonly #options: TalkViewsOptions;

  constructor(options: TalkViewsOptions) {
    this.#options = options;
  }

  /** Whether a room that was asked for is a talk with one agent. */
  isTalk(room: string): boolean {
    return room.startsWith("@");
  }

  /** What the mailbox has of it: no relay keeps it once it is here. @throws Failure NOT_FOUND, USAGE or FILE_TROUBLE */
  history({ skip = 0, ...query }: HistoryQuery): HistoryPage {
    const { stored: { mailbox }, shown } = this.#options;
    const { name: room } = this.#peer(query.room);
    const { limit, before = Infinity, before_seq } = query;
    if (before_seq !== undefined) {
      throw new Failure("USAGE", {
        fields: {
          reason: "no relay numbers what is said to one agent alone",
          fix: "pass over the newest ones: --skip N",
        },
      });
    }
    const last = MOST_MESSAGES;
    const { messages } = mailbox.pages.page({ room, all: true, last });
    const wanted = messages.filter(({ timestamp }) => timestamp < before);
    const end = Math.max(0, wanted.length - skip);
    const start = Math.max(0, end - limit);
    const page = shown.all(wanted.slice(start, end));
    return { room, messages: page, has_more: start > 0 };
  }

  /** This agent and the other one. @throws Failure NOT_FOUND, USAGE */
  members(room: RoomName): JoinedRoom {
    const { me, hearing, talks } = this.#options;
    const peer = this.#peer(room);
    const { agent, name } = peer;
    const other = {
      ...{ id: agent, name: talks.nameOf(agent), joined_at: 0 },
      ...defined({ connected: this.#isHere(agent) }),
      ...(hearing.hasTwo(peer) ? { two_daemons: true as const } : {}),
    };
    return {
      ...{ name, topic: "", tags: [] },
      members: [{ ...me, joined_at: 0 }, other],
      private: { behind: false, member: true },
    };
  }

  /** For `status`. Never throws: what can't be read is left out, and noted. */
  list(unread: ReadonlyMap<string, number>): TalkStatus[] {
    const { stored: { peers, sends } } = this.#options;
    const waiting = sends.open().filter(({ status }) => status === "queued")
      .map(({ room }) => room);
    return peers.all().map(({ agent, name: room }) => ({
      ...{ room, agent, unread: unread.get(room) ?? 0 },
      waiting: waiting.filter((one) => one === room).length,
      ...defined({ here: this.#isHere(agent) }),
    })).toSorted((a, b) => b.unread + b.waiting - a.unread - a.waiting)
      .slice(0, MOST_LISTED);
  }

  /** Whether it is there; undefined where the relay keeps what is said for it, and does not tell. */
  #isHere(agent: string): boolean | undefined {
    const { reconnect: { connection }, places } = this.#options;
    if (connection?.features.has("direct")) return undefined;
    return places.isHere(agent);
  }

  /** @throws Failure NOT_FOUND, USAGE */
  #peer(room: RoomName): DirectPeer {
    const { stored: { peers }, talks } = this.#options;
    const { room: meant } = talks.meant({ room });
    const peer = isDirectRoom(meant) ? peers.named(meant) : undefined;
    if (peer !== undefined) return peer;
    throw new Failure("NOT_FOUND", {
      fields: {
        what: "talk with that agent",
        fix: "begin one: agentnet dm KEY TEXT",
      },
    });
  }
}
