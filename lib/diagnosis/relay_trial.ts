import { connect, type Connection } from "../client/connection.ts";
import { type Clock, sleep } from "../clock.ts";
import { waitOut } from "../conversation/wait_out.ts";
import type { Failure } from "../errors.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { throwawayLogin, type ThrowawayOptions } from "./throwaway_login.ts";

/** How a relay is tried; all of it within the limits of protocol.md section 6. */
export interface TrialOptions extends ThrowawayOptions {
  /** Agents in the room, one of whom speaks. */
  readonly agents: number;
  /** Messages that are sent, at most 50: a relay takes 60 of an agent in a minute. */
  readonly messages: number;
  /** A room that is there; without it one is made, and ends with the trial. */
  readonly room?: string;
  /** How long the relay's wish for older connections is waited out, in milliseconds. */
  readonly waitMs: number;
  readonly onWait: (failure: Failure, pauseMs: number) => void;
  readonly signal: AbortSignal;
}

/** What a trial found; times in milliseconds. */
export interface Trial {
  readonly relay: string;
  readonly features: readonly string[];
  readonly agents: number;
  /** From dialling to `welcome`, the proof of work included. */
  readonly login_ms: Spread | null;
  /** A ping's round trip. */
  readonly ping_ms: Spread | null;
  /** From a send to its receipt. */
  readonly receipt_ms: Spread | null;
  /** From a send to its arrival at one other member. */
  readonly delivery_ms: Spread | null;
  /** From a send to its arrival at the last member. */
  readonly fan_out_ms: Spread | null;
  /** Deliveries that did not come in time. */
  readonly missing: number;
}

const PINGS = 20;
/** How long a delivery may take. */
const DELIVERY_MS = 10_000;

/** Tries a live relay with throwaway agents. Rejects with a `Failure`. */
export async function tryRelay(options: TrialOptions): Promise<Trial> {
  const arrivals = new Map<string, Arrivals>();
  const members: Connection[] = [];
  const login: number[] = [];
  try {
    for (let i = 0; i < options.agents; i++) {
      const began = options.clock.monotonic();
      members.push(await enter(options, i, arrivals));
      login.push(options.clock.monotonic() - began);
    }
    return await measure(options, { members, login, arrivals });
  } finally {
    for (const member of members) member.close();
  }
}

/** When a message was sent, and how long it took to each member that has it. */
interface Arrivals {
  readonly sentAt: number;
  readonly took: number[];
  readonly all: PromiseWithResolvers<void>;
}

interface Crew {
  readonly members: readonly Connection[];
  readonly login: readonly number[];
  readonly arrivals: Map<string, Arrivals>;
}

async function enter(
  options: TrialOptions,
  place: number,
  arrivals: ReadonlyMap<string, Arrivals>,
): Promise<Connection> {
  const { clock, agents } = options;
  const login = await throwawayLogin(options, {
    name: `bench-${place}`,
    features: ["ack"],
    signal: options.signal,
    push: (push) => {
      if ("overrun" in push) return;
      if (!("frame" in push)) return;
      const { frame } = push;
      const found = frame.type === "message" ? arrivals.get(frame.id) : null;
      if (!found) return;
      found.took.push(clock.monotonic() - found.sentAt);
      if (found.took.length === agents - 1) found.all.resolve();
    },
  });
  return await connect(login);
}

async function measure(options: TrialOptions, crew: Crew): Promise<Trial> {
  const { members, login, arrivals } = crew;
  const [speaker, ...others] = members as [Connection, ...Connection[]];
  const ping: number[] = [];
  for (let i = 0; i < PINGS; i++) ping.push(await speaker.ping());
  const room = await gather(options, speaker, others);
  const receipt: number[] = [];
  for (let i = 0; i < options.messages; i++) {
    receipt.push(...await sendOne(options, { speaker, room, arrivals }));
  }
  for (const member of members) await member.leave(room);
  const took = [...arrivals.values()].map((one) => one.took);
  const whole = took.filter((times) => times.length === others.length);
  const deliveries = took.flat();
  return {
    relay: options.relay.href,
    features: [...speaker.features],
    agents: members.length,
    login_ms: spreadOf(login),
    ping_ms: spreadOf(ping),
    receipt_ms: spreadOf(receipt),
    delivery_ms: spreadOf(deliveries),
    fan_out_ms: spreadOf(whole.map((times) => Math.max(...times))),
    missing: options.messages * others.length - deliveries.length,
  };
}

/** Brings all into one room, which it names. */
async function gather(
  options: TrialOptions,
  speaker: Connection,
  others: readonly Connection[],
): Promise<string> {
  const room = options.room ?? `bench-${hex(options.randomBytes(6))}`;
  const plan = { room, topic: "a benchmark", tags: [] };
  await waitOut(
    options,
    async () => {
      if (options.room === undefined) await speaker.create(plan);
      else await speaker.join(room);
    },
  );
  for (const other of others) await waitOut(options, () => other.join(room));
  return room;
}

/** Sends one message and waits until all have it: the time to its receipt, none where the outcome is unknown. */
async function sendOne(
  options: TrialOptions,
  { speaker, room, arrivals }: {
    readonly speaker: Connection;
    readonly room: string;
    readonly arrivals: Map<string, Arrivals>;
  },
): Promise<number[]> {
  const { clock } = options;
  const id = hex(options.randomBytes(12));
  const all = Promise.withResolvers<void>();
  const sentAt = clock.monotonic();
  arrivals.set(id, { sentAt, took: [], all });
  const { status } = await speaker.send({ id, room, text: "a benchmark" });
  const receipt = clock.monotonic() - sentAt;
  await beforeLong(clock, all.promise);
  return status === "accepted" ? [receipt] : [];
}

async function beforeLong(clock: Clock, event: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = sleep(clock, DELIVERY_MS, done.signal).catch((error) => {
    if (!done.signal.aborted) throw error;
  });
  await Promise.race([event, late]);
  done.abort();
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
