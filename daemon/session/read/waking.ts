import type { Clock } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import type { Presence } from "../../../lib/protocol/presence_frames.ts";
import type {
  WakePolicies,
  WakePolicy,
} from "../../../lib/local_api/wake_policy.ts";
import type * as api from "../../../lib/local_api/types.ts";
import type { Contacts } from "../../mailbox/contacts.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { WakeBrakes, type WakeVerdict } from "../core/wake_brakes.ts";
import { mayWake, type WakeCandidate } from "../core/wake_rules.ts";
import type { Rooms } from "../rooms.ts";
import type { MessageWaiters } from "./message_waiters.ts";
import type { People } from "./people.ts";

/** Unread messages that are looked at for one decision. */
const MOST_LOOKED_AT = 500;

export interface WakingOptions {
  readonly mailbox: Pick<Mailbox, "page" | "count">;
  readonly people: Pick<People, "marked">;
  readonly contacts: Pick<Contacts, "get">;
  readonly rooms: Pick<Rooms, "get">;
  readonly waiters: Pick<MessageWaiters, "subscribe">;
  readonly clock: Clock;
  /** Whose messages wake, where a watcher does not say it. */
  readonly policies: WakePolicies;
  /** Called when {@link Waking.presence} may be another. */
  readonly changed: () => void;
}

/** A watcher that asks again and again counts as there in between; milliseconds. */
const BETWEEN_WAITS_MS = 60_000;

/** A look at what may wake a watcher: what it is told, and what the brakes say. */
interface Look {
  readonly wake: api.Wake | undefined;
  readonly verdict: WakeVerdict;
}

/** What a watcher asks for. */
type Watch = Pick<api.WakeQuery, "watcher" | "wake">;

/**
 * Whether whoever watches for this agent is woken: one decision for every way there is of waking a model. A wake is no
 * read; one that is held back, or lost, loses nothing.
 */
export class Waking {
  readonly #options: WakingOptions;
  readonly #brakes = new WakeBrakes();
  /** Wall clock: what is older than this daemon wakes nobody. */
  readonly #startedAt: number;
  /** Those who wait, to be asked to look again. */
  readonly #waiting = new Set<() => void>();
  /** The newest request of each watcher that waits. */
  readonly #newest = new Map<string, symbol>();
  /** Reads that wait for messages: who makes one hears what comes. */
  #listening = 0;
  /** Monotonic: when the last that waited was answered. */
  #waitedAt = -Infinity;
  /** Wall clock. */
  #wokenAt: number | undefined;

  constructor(options: WakingOptions) {
    this.#options = options;
    this.#startedAt = options.clock.wall();
    options.waiters.subscribe((message) => this.#arrived(message));
  }

  /** A wake, at once or as soon as there is one within the time that the query says. */
  async wake(
    { watcher, wake, wait_ms = 0 }: api.WakeQuery,
    signal: AbortSignal,
  ): Promise<api.WakeAnswer> {
    const { clock } = this.#options;
    const end = clock.monotonic() + wait_ms;
    const own = this.#takesOver(watcher);
    if (wait_ms > 0) this.#options.changed();
    for (;;) {
      if (this.#newest.get(watcher) !== own) return { replaced: true };
      const look = this.#look({ watcher, ...defined({ wake }) });
      const now = clock.monotonic();
      if (signal.aborted) return this.#ends(watcher, {});
      if (look.wake !== undefined && look.verdict.isWoken) {
        this.#brakes.woke(watcher, look.wake.cursor, now);
        this.#wokenAt = clock.wall();
        return this.#ends(watcher, { wake: look.wake });
      }
      if (now >= end) {
        return this.#ends(watcher, defined({ brake: brakeOf(look) }));
      }
      const again = look.verdict.isWoken ? Infinity : look.verdict.again;
      await this.#pause(Math.min(end, again) - now, signal);
    }
  }

  /** A read that waits: what it brings is as good as a wake. */
  async listening(
    read: () => Promise<api.MessagesPage>,
  ): Promise<api.MessagesPage> {
    const { clock, changed } = this.#options;
    this.#listening++;
    changed();
    try {
      const page = await read();
      if (page.messages.some(({ mention }) => mention)) {
        this.#wokenAt = clock.wall();
      }
      return page;
    } finally {
      this.#listening--;
      this.#waits();
    }
  }

  /** A human spoke to this agent: the row of wakes is over. */
  human(): void {
    this.#brakes.human();
    this.#lookAgain();
  }

  /** Something was read: what is unread may wake anew. */
  wasRead(): void {
    this.#lookAgain();
  }

  /** What others may know: whether somebody waits to wake our model, and when one did last. */
  get presence(): Omit<Presence, "type"> {
    const now = this.#options.clock.monotonic();
    const isWaited = this.#newest.size > 0 || this.#listening > 0 ||
      now - this.#waitedAt < BETWEEN_WAITS_MS;
    const isBraked = this.#brakes.brake(now) !== undefined;
    const wakeable = !isWaited ? "no" : isBraked ? "braked" : "yes";
    return { wakeable, ...defined({ woken_at: this.#wokenAt }) };
  }

  /** For `status`. */
  get status(): api.WakeStatus {
    const now = this.#options.clock.monotonic();
    const brake = this.#brakes.brake(now)?.name;
    return { today: this.#brakes.today(now), ...defined({ brake }) };
  }

  /** One that waits under the same name ends: waiters of a session would pile up. */
  #takesOver(watcher: string): symbol {
    const own = Symbol(watcher);
    const isWaitedFor = this.#newest.has(watcher);
    this.#newest.set(watcher, own);
    if (isWaitedFor) this.#lookAgain();
    return own;
  }

  #ends(watcher: string, answer: api.WakeAnswer): api.WakeAnswer {
    this.#newest.delete(watcher);
    this.#waits();
    return answer;
  }

  /** One that waited is answered: it is asked again, or is not for a while. */
  #waits(): void {
    const { clock, changed } = this.#options;
    this.#waitedAt = clock.monotonic();
    changed();
    clock.after(BETWEEN_WAITS_MS, changed);
  }

  #arrived(message: api.ReceivedMessage): void {
    const candidate = this.#candidate(message);
    if (candidate.reason === undefined) return;
    this.#brakes.heard(candidate.from, this.#options.clock.monotonic());
    this.#lookAgain();
  }

  #lookAgain(): void {
    for (const look of [...this.#waiting]) look();
  }

  #look({ watcher, wake: asked }: Watch): Look {
    const now = this.#options.clock.monotonic();
    const messages = this.#unread(asked, now);
    const newest = messages.at(-1);
    if (newest?.reason === undefined) {
      return { wake: undefined, verdict: { isWoken: false, again: Infinity } };
    }
    const cursors = messages.map(({ cursor }) => cursor);
    const verdict = this.#brakes.look(watcher, cursors, now);
    const rooms = new Set(messages.map(({ room }) => room));
    const wake: api.Wake = {
      unread: this.#options.mailbox.count({}),
      named: messages.length,
      cursor: newest.cursor,
      reason: newest.reason,
      ...(rooms.size === 1 ? { room: newest.room } : {}),
    };
    return { wake, verdict };
  }

  /** The unread messages that may wake, oldest first. */
  #unread(asked: Watch["wake"], now: number): Candidate[] {
    const { mailbox, policies } = this.#options;
    const startedAt = this.#startedAt;
    return mailbox.page({ limit: MOST_LOOKED_AT }).messages
      .map((message) => this.#candidate(message))
      .filter((one) =>
        mayWake(one, {
          policy: asked ?? policyIn(policies, one.room),
          startedAt,
        }) &&
        this.#brakes.isHeard(one.from, now)
      );
  }

  #candidate(message: api.ReceivedMessage): Candidate {
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

  /** A question in a room of two is put to the other one. */
  #reason(
    { kind, reply_to, room, isForUs }: api.ReceivedMessage & {
      readonly isForUs: boolean;
    },
  ): WakeCandidate["reason"] {
    const isQuestion = kind === "question";
    const two = this.#options.rooms.get(room)?.memberIds.length === 2;
    if (isQuestion && (isForUs || two)) return "ask";
    if (!isForUs) return undefined;
    return reply_to === undefined ? "mention" : "reply";
  }

  /** Until it is to be looked again, so long at most. */
  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#waiting.delete(end);
        timer.cancel();
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#options.clock.after(ms, end);
      this.#waiting.add(end);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

type Candidate = WakeCandidate & Pick<api.ReceivedMessage, "room">;

/** A room may be called `constructor`. */
function policyIn({ all, rooms }: WakePolicies, room: string): WakePolicy {
  return Object.hasOwn(rooms, room) ? rooms[room] ?? all : all;
}

function brakeOf({ wake, verdict }: Look): string | undefined {
  return wake === undefined || verdict.isWoken ? undefined : verdict.brake;
}
