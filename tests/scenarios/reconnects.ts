import { Failure } from "../../lib/errors.ts";
import type { PlainCalls } from "../fakes/plain.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { Stage } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { FaultProxy } from "../fakes/fault_proxy.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { stagedApi } from "../fakes/staged_api.ts";

/** Longest time to wait for anything here, in milliseconds. */
const MOST_MS = 120_000;
/** How many rooms one agent may create in a minute by the default limits. */
const CREATES = 5;

/** A daemon begins without its relay, is connected once that is up, and then its line is cut again and again. */
export interface CutResult {
  /** From the relay listening to the daemon connected, in milliseconds. */
  readonly firstMs: number;
  /** From the last cut to connected with every room joined, in milliseconds. */
  readonly lastMs: number;
}

/** Cuts the line of a daemon in three rooms so many times, at random moments. */
export async function manyCuts(cuts: number): Promise<CutResult> {
  await using stage = await Stage.open();
  const port = stage.port();
  using proxy = new FaultProxy(port);
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: proxy.url });
  const api = await stagedApi(ada);
  await until(api, ({ state }) => state === "waiting");
  await stage.startRelay(undefined, { port });
  const firstMs = await until(api, ({ connected }) => connected);
  for (const room of ["one", "two", "three"]) await api.create({ room });
  for (let n = 0; n < cuts; n++) {
    await pause(Math.random() * 1_500);
    proxy.cut();
  }
  return { firstMs, lastMs: await until(api, isWhole) };
}

/** Joins so many rooms on a relay with its default limits but for the ages, is cut, and says how long it was out of any, in milliseconds. */
export async function roomsAgain(count: number): Promise<number> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay();
  using proxy = new FaultProxy(Number(new URL(url).port));
  const rooms = Array.from({ length: count }, (_, n) => `room-${n}`);
  const makers = await makeAll(url, rooms);
  const ada = stage.agent("ada");
  await ada.online({ relay: proxy.url });
  const api = await stagedApi(ada);
  for (const room of rooms) await joinSurely(api, room);
  proxy.cut();
  await until(api, ({ connected }) => !connected);
  const ms = await until(
    api,
    (status) => isWhole(status) && status.rooms.length === count,
  );
  for (const maker of makers) maker.close();
  return ms;
}

/** What a relay that froze and went on looks like from a daemon; milliseconds. */
export interface FrozenResult {
  readonly foundMs: number;
  readonly backMs: number;
}

/** Freezes the relay, line and all, until the daemon says so and for so long after; then lets it go on. */
export async function frozenRelay(frozenMs: number): Promise<FrozenResult> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const ada = stage.agent("ada");
  await ada.online({ relay: relay.url });
  const api = await stagedApi(ada);
  await api.create({ room: "tea" });
  relay.process.kill("SIGSTOP");
  try {
    const foundMs = await until(api, ({ connected }) => !connected);
    await pause(frozenMs);
    relay.process.kill("SIGCONT");
    return { foundMs, backMs: await until(api, isWhole) };
  } finally {
    relay.process.kill("SIGCONT");
  }
}

/** The rooms, made by as many agents as the limit on creating needs; they stay in them. */
async function makeAll(
  url: string,
  rooms: readonly string[],
): Promise<RelayPeer[]> {
  const makers: RelayPeer[] = [];
  for (const [n, room] of rooms.entries()) {
    if (n % CREATES === 0) {
      makers.push(await RelayPeer.login(url, { identity: fastIdentity(n) }));
    }
    await makers.at(-1)?.create(room);
  }
  return makers;
}

async function joinSurely(
  api: PlainCalls<LocalApi>,
  room: string,
): Promise<void> {
  for (;;) {
    try {
      await api.join({ room });
      return;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "RATE_LIMITED") {
        throw error;
      }
      await pause(error.retryAfterMs ?? 1_000);
    }
  }
}

function isWhole({ connected, rooms }: Status): boolean {
  return connected && rooms.length > 0 && rooms.every(({ joined }) => joined);
}

/** Milliseconds until the status is so. */
async function until(
  api: PlainCalls<LocalApi>,
  isSo: (status: Status) => boolean,
): Promise<number> {
  const began = performance.now();
  for (;;) {
    const status = await api.status();
    const ms = performance.now() - began;
    if (isSo(status)) return ms;
    if (ms > MOST_MS) throw new Error(JSON.stringify(status));
    await pause(20);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
