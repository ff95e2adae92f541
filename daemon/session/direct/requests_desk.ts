import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import { attachedFile } from "../../../lib/protocol/attached_file.ts";
import type {
  AgentRequest,
  ContactDone,
} from "../../../lib/local_api/types/contacts.ts";
import type {
  RequestDone,
  RequestsPage,
} from "../../../lib/local_api/types/requests.ts";
import type {
  SendRequest,
  SendResult,
} from "../../../lib/local_api/types/sends.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Arrivals } from "../read/arrivals.ts";
import type { People } from "../read/people.ts";
import type { StoredState } from "../stored_state.ts";
import type { DirectInbox } from "./direct_inbox.ts";
import type { Talks } from "./talks.ts";

export interface RequestsDeskOptions {
  readonly stored: Pick<StoredState, "database" | "mailbox" | "requests">;
  readonly talks: Talks;
  readonly people: Pick<People, "member" | "mute" | "isMuted">;
  readonly arrivals: Pick<Arrivals, "arrived">;
  readonly inbox: Pick<DirectInbox, "tellKnown">;
}

/** What strangers wrote: shown, accepted or dropped. */
export class RequestsDesk {
  readonly #options: RequestsDeskOptions;

  constructor(options: RequestsDeskOptions) {
    this.#options = options;
  }

  /** But those of muted agents: one that was muted as the daemon was killed may still be there. */
  all(): RequestsPage {
    const { stored, people } = this.#options;
    const waiting = stored.requests.all()
      .filter(({ from }) => !people.isMuted(from));
    return {
      requests: waiting.map((request) => {
        const { from, from_name, text, timestamp, received_at, file } = request;
        const { name_conflict } = people.member({
          ...{ id: from, name: from_name, joined_at: received_at },
        });
        return {
          ...{ from, from_name, text, timestamp, received_at },
          ...defined({ name_conflict, file: attachedFile(file) }),
        };
      }),
    };
  }

  /** From now on the agent is no stranger; what it wrote is a message. Rejects with a `Failure`. */
  async accept({ agent }: AgentRequest): Promise<RequestDone> {
    const { talks } = this.#options;
    const peer = await talks.with(talks.agentOf(agent.replace(/^@/, "")));
    const messages = this.#takeIn(peer.agent, peer.name);
    await this.#options.inbox.tellKnown();
    return { agent: peer.agent, room: peer.name, messages };
  }

  /** What goes to one agent alone goes to its talk; whom we write to is no stranger. Rejects with a `Failure`. */
  async toTalk(request: SendRequest): Promise<SendRequest> {
    if (!request.room.startsWith("@")) return request;
    // An answer goes where the message stands, whoever else has its name.
    if (request.reply_to === undefined) {
      this.#options.talks.checkMeant(request.room);
    }
    return { ...request, room: await this.roomOf(request.room) };
  }

  /** The same of the room alone: of one, its name as it is. Rejects with a `Failure`. */
  async roomOf(named: RoomName): Promise<RoomName> {
    if (!named.startsWith("@")) return named;
    const { agent, name: room } = await this.#options.talks.begin(named);
    this.#takeIn(agent, room);
    return room;
  }

  /** What an agent that is known now had written goes into its talk. @returns how many. @throws Failure FILE_TROUBLE */
  #takeIn(agent: string, room: SendResult["room"]): number {
    const { stored, arrivals } = this.#options;
    const { database, mailbox, requests } = stored;
    const request = requests.of(agent);
    if (request === undefined) return 0;
    const message = database.durably(() => {
      requests.remove(agent);
      return mailbox.addOpened({
        ...{ ...request, room, verified: true, late: false, private: true },
      }, "others");
    });
    arrivals.arrived(message);
    return 1;
  }

  /** Keeps an agent's messages away, what it wrote as a stranger too. @throws Failure as {@link People.mute} */
  mute(agent: string): ContactDone {
    const { stored: { requests }, people } = this.#options;
    const done = people.mute(agent);
    requests.remove(done.contact.id);
    return done;
  }

  /** @throws Failure NOT_FOUND */
  drop({ agent }: AgentRequest): RequestDone {
    const { stored: { requests }, talks } = this.#options;
    const id = talks.agentOf(agent.replace(/^@/, ""));
    if (requests.of(id) === undefined) {
      throw new Failure("NOT_FOUND", {
        fields: {
          what: "request of that agent",
          fix: "see what there is: agentnet requests",
        },
      });
    }
    requests.remove(id);
    return { agent: id, messages: 1 };
  }
}
