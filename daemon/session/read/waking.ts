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
import { Watchers } from "./watchers.ts";

/** The newest unread messages that are looked at for one decision: those for this agent, and of all those that ask. */
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
  readonly #watchers: Watchers;
  /** Wall clock. */
  #wokenAt: number | undefined;

  constructor(options: WakingOptions) {
    this.#options = options;
    this.#watchers = new Watchers(options.clock, options.changed);
    this.#startedAt = options.clock.wall();
    options.waiters.subscribe((message) => this.#arrived(message));
  }

  /** A wake, at once or as soon as there is one within the time that the query says. */
  async wake(
    query: api.WakeQuery,
    signal: AbortSignal,
  ): Promise<api.WakeAnswer> {
    const answer = await this.due(query, signal);
    if (answer.wake !== undefined) this.came();
    return answer;
  }

  /** The same for who has to bring it there first, and then says whether it {@link came} or was {@link lost}. */
  async due(
    { watcher, wake, wait_ms = 0 }: api.WakeQuery,
    signal: AbortSignal,
  ): Promise<api.WakeAnswer> {
    const watch = { watcher, ...defined({ wake }) };
    if (wait_ms > 0) return await this.#wait(watch, wait_ms, signal);
    const look = this.#look(watch);
    return this.#woke(watch, look) ?? defined({ brake: brakeOf(look) });
  }

  /** A wake came to its watcher. */
  came(): void {
    const { clock, changed } = this.#options;
    this.#wokenAt = clock.wall();
    changed();
  }

  /** The watcher's last wake did not come to it: it was none. */
  lost(watcher: string): void {
    this.#brakes.takeBack(watcher);
    this.#lookAgain();
  }

  async #wait(
    watch: Watch,
    wait_ms: number,
    signal: AbortSignal,
  ): Promise<api.WakeAnswer> {
    const { clock, policies } = this.#options;
    const { watcher, wake } = watch;
    const end = clock.monotonic() + wait_ms;
    const own = { canWake: canWake(policies, wake) };
    // One that waits under the same name ends: waiters of a session would pile up.
    if (this.#watchers.begins(watcher, own)) this.#lookAgain();
    const ends = (answer: api.WakeAnswer) => {
      this.#watchers.ends(watcher, own);
      return answer;
    };
    for (;;) {
      if (!this.#watchers.isNewest(watcher, own)) return { replaced: true };
      // First: with the session's end the mailbox is closed.
      if (signal.aborted) return ends({});
      const look = this.#look(watch);
      const woken = this.#woke(watch, look);
      if (woken !== undefined) return ends(woken);
      const now = clock.monotonic();
      if (now >= end) return ends(defined({ brake: brakeOf(look) }));
      const again = look.verdict.isWoken ? Infinity : look.verdict.again;
      await this.#pause(Math.min(end, again) - now, signal);
    }
  }

  /** Notes that the watcher is woken, where it is. */
  #woke(
    { watcher }: Watch,
    { wake, verdict }: Look,
  ): api.WakeAnswer | undefined {
    if (wake === undefined || !verdict.isWoken) return undefined;
    const now = this.#options.clock.monotonic();
    this.#brakes.woke(watcher, wake.cursor, now);
    return { wake };
  }

  /** A read that waits: what it brings is as good as a wake. */
  async listening(
    read: () => Promise<api.MessagesPage>,
  ): Promise<api.MessagesPage> {
    return await this.#watchers.reading(async () => {
      const page = await read();
      if (page.messages.some(({ mention }) => mention)) {
        this.#wokenAt = this.#options.clock.wall();
      }
      return page;
    });
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
    const isBraked = this.#brakes.brake(now) !== undefined;
    const wakeable = !this.#watchers.isThere
      ? "no"
      : isBraked
      ? "braked"
      : "yes";
    return { wakeable, ...defined({ woken_at: this.#wokenAt }) };
  }

  /** For `status`. */
  get status(): api.WakeStatus {
    const now = this.#options.clock.monotonic();
    const brake = this.#brakes.brake(now)?.name;
    return { today: this.#brakes.today(now), ...defined({ brake }) };
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
    const { policies } = this.#options;
    const startedAt = this.#startedAt;
    return this.#lookedAt()
      .map((message) => this.#candidate(message))
      .filter((one) =>
        mayWake(one, {
          policy: asked ?? policyIn(policies, one.room),
          startedAt,
        }) &&
        this.#brakes.isHeard(one.from, now)
      );
  }

  /** However much else is unread, what is for this agent is among them; oldest first. */
  #lookedAt(): api.ReceivedMessage[] {
    const { mailbox } = this.#options;
    const last = MOST_LOOKED_AT;
    const found = [{ mention: true, last }, { last }]
      .flatMap((query) => mailbox.page(query).messages);
    const byCursor = new Map(found.map((one) => [one.cursor, one]));
    return [...byCursor.values()].sort((a, b) => a.cursor - b.cursor);
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

/** Whether anybody's message wakes a watcher, by its own choice or that of the settings. */
function canWake(
  { all, rooms }: WakePolicies,
  asked: WakePolicy | undefined,
): boolean {
  if (asked !== undefined) return asked !== "off";
  return [all, ...Object.values(rooms)].some((policy) => policy !== "off");
}

function brakeOf({ wake, verdict }: Look): string | undefined {
  return wake === undefined || verdict.isWoken ? undefined : verdict.brake;
}
