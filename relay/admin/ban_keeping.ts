import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { Bans } from "./bans.ts";
import type { AskSockets } from "./ask_sockets.ts";

/** Where bans are kept, and whom they hold for. */
export interface BanKeeping {
  /**
   * Refuses an agent from now on and ends its connection, or admits it again.
   *
   * @returns whether it was not so already.
   * @throws {Failure} FILE_TROUBLE, LOG_UNUSABLE: nothing has changed, or it is not known.
   */
  set(agent: string, isBanned: boolean): Promise<boolean>;
}

/** Those of a relay by itself: a file of its data dir. */
export class OwnBans implements BanKeeping {
  readonly #bans: Bans;
  readonly #ask: AskSockets;
  readonly #changed: () => void;

  /** @param changed makes the sockets refuse, or admit again. */
  constructor(bans: Bans, ask: AskSockets, changed: () => void) {
    this.#bans = bans;
    this.#ask = ask;
    this.#changed = changed;
  }

  /** On disk first, then refused, then ended: it can't slip in between. */
  async set(agent: string, isBanned: boolean): Promise<boolean> {
    const changed = isBanned
      ? await this.#bans.add(agent)
      : await this.#bans.remove(agent);
    this.#changed();
    if (isBanned) await this.#ask({ kind: "kick", agent });
    return changed;
  }
}

/**
 * How long the log may take to take a ban in, and between two looks; milliseconds. Longer than its servers take to choose
 * another leader, shorter than the operator's command waits.
 */
const TAKEN_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** Those of a cluster: the log has them, and every relay goes by it. */
export class SharedBans implements BanKeeping {
  readonly #own: BanKeeping;
  readonly #ask: AskSockets;
  readonly #clock: Clock;

  /** @param own of this relay, from before it was one of a cluster: an agent is admitted again by both. */
  constructor(own: BanKeeping, ask: AskSockets, clock: Clock) {
    this.#own = own;
    this.#ask = ask;
    this.#clock = clock;
  }

  async set(agent: string, isBanned: boolean): Promise<boolean> {
    const own = isBanned ? false : await this.#own.set(agent, false);
    const changed = await this.#ask({ kind: "ban", agent, isBanned });
    if (changed) await this.#taken(agent, isBanned);
    return changed || own;
  }

  /** Said to be done once the log has it. */
  async #taken(agent: string, isBanned: boolean): Promise<void> {
    const end = this.#clock.monotonic() + TAKEN_WITHIN_MS;
    while (await this.#ask({ kind: "is_banned", agent }) !== isBanned) {
      if (this.#clock.monotonic() >= end) throw notTaken();
      await sleep(this.#clock, LOOK_EVERY_MS);
    }
  }
}

function notTaken(): Failure {
  const reason = "it has not taken this in yet, and may still";
  const fix = "look again: agentnet relay cluster status";
  return new Failure("LOG_UNUSABLE", { fields: { reason, fix } });
}
