import type {
  WakePolicies,
  WakePolicy,
} from "../../../lib/local_api/wake_policy.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type { Contacts } from "../../mailbox/contacts.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { mayWake, type WakeCandidate } from "../core/wake_rules.ts";
import type { Rooms } from "../rooms.ts";
import type { People } from "./people.ts";

/** The newest unread messages that are looked at for one decision: those for this agent, and of all those that ask. */
const MOST_LOOKED_AT = 500;

export interface WakeCandidatesOptions {
  readonly mailbox: Pick<Mailbox, "page">;
  readonly people: Pick<People, "marked">;
  readonly contacts: Pick<Contacts, "get">;
  readonly rooms: Pick<Rooms, "get">;
  /** Whose messages wake, where a watcher does not say it. */
  readonly policies: WakePolicies;
  /** Wall clock: what is older wakes nobody. */
  readonly startedAt: number;
}

export type Candidate = WakeCandidate & Pick<ReceivedMessage, "room">;

/** Which messages may wake, whatever the brakes say. */
export class WakeCandidates {
  readonly #options: WakeCandidatesOptions;

  constructor(options: WakeCandidatesOptions) {
    this.#options = options;
  }

  /** The unread messages that may wake a watcher with this wish, oldest first. */
  unread(asked: WakePolicy | undefined): Candidate[] {
    const { policies, startedAt } = this.#options;
    return this.#lookedAt()
      .map((message) => this.of(message))
      .filter((one) =>
        mayWake(one, {
          policy: asked ?? policyIn(policies, one.room),
          startedAt,
        })
      );
  }

  of(message: ReceivedMessage): Candidate {
    const { people, contacts } = this.#options;
    const { from, cursor, room, timestamp, verified } = message;
    const { muted = false, name_conflict, mention } = people.marked(message);
    const reason = this.#reason({ ...message, isForUs: mention === true });
    return {
      ...{ cursor, from, room, sentAt: timestamp },
      isContact: contacts.get(from)?.name !== undefined,
      isDoubtful: muted || name_conflict !== undefined || !verified,
      ...(reason === undefined ? {} : { reason }),
    };
  }

  /** However much else is unread, what is for this agent is among them; oldest first. */
  #lookedAt(): ReceivedMessage[] {
    const { mailbox } = this.#options;
    const last = MOST_LOOKED_AT;
    const found = [{ mention: true, last }, { last }]
      .flatMap((query) => mailbox.page(query).messages);
    const byCursor = new Map(found.map((one) => [one.cursor, one]));
    return [...byCursor.values()].sort((a, b) => a.cursor - b.cursor);
  }

  /** A question in a room of two is put to the other one. */
  #reason(
    { kind, reply_to, room, isForUs }: ReceivedMessage & {
      readonly isForUs: boolean;
    },
  ): WakeCandidate["reason"] {
    const isQuestion = kind === "question";
    const two = this.#options.rooms.get(room)?.memberIds.length === 2;
    if (isQuestion && (isForUs || two)) return "ask";
    if (!isForUs) return undefined;
    return reply_to === undefined ? "mention" : "reply";
  }
}

/** A room may be called `constructor`. */
function policyIn({ all, rooms }: WakePolicies, room: string): WakePolicy {
  return Object.hasOwn(rooms, room) ? rooms[room] ?? all : all;
}
