import { roomName } from "../fakes/plain.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import type { Behaviour } from "../fakes/hostile_behaviour.ts";
import { HostileServer } from "../fakes/hostile_server.ts";
import { percentile, residentBytes } from "../fakes/process_figures.ts";
import { stagedApi } from "../fakes/staged_api.ts";
import { pause } from "./crowd.ts";

/** How long `GET /v2/status` took, in milliseconds. */
export interface AnswerTimes {
  readonly count: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** What is seen from outside while the relay is hostile. */
export interface HostileView {
  readonly status: Status;
  /** States and reasons that were seen, in order, each once. */
  readonly seen: readonly string[];
  /** How often the daemon connected; the first time to a relay that did no harm. */
  readonly connections: number;
}

/** What a daemon says of a hostile relay, and how its local API answered before and meanwhile. */
export interface HostileResult extends HostileView {
  readonly calm: AnswerTimes;
  readonly hostile: AnswerTimes;
  /** Requests that nobody answered: a session worker was being started again. */
  readonly unanswered: number;
  /** Resident memory of the daemon at the end. */
  readonly bytes: number;
}

export interface HostileOptions {
  /** Requests at least, as many before as meanwhile. */
  readonly looks: number;
  /** Whether the daemon is in a room before. */
  readonly inTea?: boolean;
  /** What has to be seen as well; waited for {@link MOST_MS} at most. */
  readonly until?: (view: HostileView) => boolean;
}

/** From one look at the daemon to the next, in milliseconds. */
const LOOK_MS = 20;
/** Longest time for all the looks and for what has to be seen, in milliseconds. */
const MOST_MS = 180_000;

/** A daemon that is connected is cut off by its relay, which from then on behaves so. */
export async function hostileServer(
  behaviour: Behaviour,
  { looks, inTea = false, until = () => true }: HostileOptions,
): Promise<HostileResult> {
  using server = await HostileServer.open();
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  server.behave("tame");
  await ada.online({ relay: server.url });
  const watch = new Watch(ada, server, await stagedApi(ada));
  if (inTea) await watch.api.join({ room: roomName("tea") });
  const calm = timesOf(await watch.look(looks, () => true));
  watch.seen.clear();
  server.behave(behaviour);
  await watch.reconnected();
  const hostile = timesOf(await watch.look(looks, until));
  const { unanswered } = watch;
  const bytes = residentBytes(watch.status.pid);
  return { ...watch.view, calm, hostile, unanswered, bytes };
}

/** Looks at a daemon again and again. */
class Watch {
  readonly #agent: StagedAgent;
  readonly #server: HostileServer;
  readonly seen = new Set<string>();
  api: LocalApi;
  unanswered = 0;
  #status: Status | undefined;

  constructor(agent: StagedAgent, server: HostileServer, api: LocalApi) {
    this.#agent = agent;
    this.#server = server;
    this.api = api;
  }

  get status(): Status {
    if (this.#status === undefined) throw new Error("nothing was answered");
    return this.#status;
  }

  get view(): HostileView {
    const { connections } = this.#server;
    return { status: this.status, seen: [...this.seen], connections };
  }

  /** Waits until the daemon has connected a second time. */
  async reconnected(): Promise<void> {
    const end = performance.now() + MOST_MS;
    while (this.#server.connections < 2 && performance.now() < end) {
      await pause(LOOK_MS);
    }
  }

  /** Asks at least so often, and until it is so; how long each answer took. */
  async look(
    least: number,
    until: (view: HostileView) => boolean,
  ): Promise<number[]> {
    const times: number[] = [];
    const end = performance.now() + MOST_MS;
    for (let n = 0; performance.now() < end; n++) {
      if (n >= least && times.length > 0 && until(this.view)) break;
      const ms = await this.#lookOnce();
      if (ms !== null) times.push(ms);
      await pause(LOOK_MS);
    }
    return times;
  }

  async #lookOnce(): Promise<number | null> {
    const began = performance.now();
    try {
      this.#status = await this.api.status();
    } catch {
      this.unanswered++;
      this.api = await stagedApi(this.#agent);
      return null;
    }
    this.seen.add(`${this.#status.state}: ${this.#status.reason}`);
    return performance.now() - began;
  }
}

function timesOf(times: readonly number[]): AnswerTimes {
  return {
    count: times.length,
    medianMs: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    worstMs: Math.max(...times),
  };
}
