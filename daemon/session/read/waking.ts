import type { Clock } from "../../../lib/clock.ts";
import { defined } from "../../../lib/defined.ts";
import type { Presence } from "../../../lib/protocol/presence_frames.ts";
import type {
  WakePolicies,
  WakePolicy,
} from "../../../lib/local_api/wake_policy.ts";
import type { MessagesPage } from "../../../lib/local_api/types/mailbox.ts";
import type { ReceivedMessage } from "../../../lib/local_api/types/messages.ts";
import type {
  Wake,
  WakeAnswer,
  WakeQuery,
} from "../../../lib/local_api/types/wakes.ts";
import type { WakeStatus } from "../../../lib/local_api/types/status.ts";
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { WakeBrakes, type WakeVerdict } from "../core/wake_brakes.ts";
import type { MessageWaiters } from "./message_waiters.ts";
import {
  WakeCandidates,
  type WakeCandidatesOptions,
} from "./wake_candidates.ts";
import { Watchers } from "./watchers.ts";

export interface WakingOptions
  extends Omit<WakeCandidatesOptions, "startedAt"> {
  readonly mailbox: Pick<Mailbox, "page" | "count">;
  readonly waiters: Pick<MessageWaiters, "subscribe">;
  readonly clock: Clock;
  /** Called when {@link Waking.presence} may be another. */
  readonly changed: () => void;
}

/** A look at what may wake a watcher: what it is told, and what the brakes say. */
interface Look {
  readonly wake: Wake | undefined;
  readonly verdict: WakeVerdict;
}

/** What a watcher asks for. */
type Watch = Pick<WakeQuery, "watcher" | "wake">;

/**
 * Whether whoever watches for this agent is woken: one decision for every way there is of waking a model. A wake is no
 * read; one that is held back, or lost, loses nothing.
 */
export class Waking {
  readonly #options: WakingOptions;
  readonly #brakes = new WakeBrakes();
  readonly #candidates: WakeCandidates;
  /** Those who wait, to be asked to look again. */
  readonly #waiting = new Set<() => void>();
  readonly #watchers: Watchers;
  /** Wall clock. */
  #wokenAt: number | undefined;

  constructor(options: WakingOptions) {
    this.#options = options;
    this.#watchers = new Watchers(options.clock, options.changed);
    const startedAt = options.clock.wall();
    this.#candidates = new WakeCandidates({ ...options, startedAt });
    options.waiters.subscribe((message) => this.#arrived(message));
  }

  /** A wake, at once or as soon as there is one within the time that the query says. */
  async wake(
    query: WakeQuery,
    signal: AbortSignal,
  ): Promise<WakeAnswer> {
    const answer = await this.due(query, signal);
    if (answer.wake !== undefined) this.came();
    return answer;
  }

  /** The same for who has to bring it there first, and then says whether it {@link came} or was {@link lost}. */
  async due(
    { watcher, wake, wait_ms = 0 }: WakeQuery,
    signal: AbortSignal,
  ): Promise<WakeAnswer> {
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
  ): Promise<WakeAnswer> {
    const { clock, policies } = this.#options;
    const { watcher, wake } = watch;
    const end = clock.monotonic() + wait_ms;
    const own = { canWake: canWake(policies, wake) };
    // One that waits under the same name ends: waiters of a session would pile up.
    if (this.#watchers.begins(watcher, own)) this.#lookAgain();
    const ends = (answer: WakeAnswer) => {
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
  ): WakeAnswer | undefined {
    if (wake === undefined || !verdict.isWoken) return undefined;
    const now = this.#options.clock.monotonic();
    this.#brakes.woke(watcher, wake.cursor, now);
    return { wake };
  }

  /** A read that waits: what it brings is as good as a wake. */
  async listening(
    read: () => Promise<MessagesPage>,
  ): Promise<MessagesPage> {
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
  get status(): WakeStatus {
    const now = this.#options.clock.monotonic();
    const brake = this.#brakes.brake(now)?.name;
    return { today: this.#brakes.today(now), ...defined({ brake }) };
  }

  #arrived(message: ReceivedMessage): void {
    const candidate = this.#candidates.of(message);
    if (candidate.reason === undefined) return;
    this.#brakes.heard(candidate.from, this.#options.clock.monotonic());
    this.#lookAgain();
  }

  #lookAgain(): void {
    for (const look of [...this.#waiting]) look();
  }

  #look({ watcher, wake: asked }: Watch): Look {
    const now = this.#options.clock.monotonic();
    const messages = this.#candidates.unread(asked)
      .filter(({ from }) => this.#brakes.isHeard(from, now));
    const newest = messages.at(-1);
    if (newest?.reason === undefined) {
      return { wake: undefined, verdict: { isWoken: false, again: Infinity } };
    }
    const cursors = messages.map(({ cursor }) => cursor);
    const verdict = this.#brakes.look(watcher, cursors, now);
    const rooms = new Set(messages.map(({ room }) => room));
    const wake: Wake = {
      unread: this.#options.mailbox.count({}),
      named: messages.length,
      cursor: newest.cursor,
      reason: newest.reason,
      ...(rooms.size === 1 ? { room: newest.room } : {}),
    };
    return { wake, verdict };
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
