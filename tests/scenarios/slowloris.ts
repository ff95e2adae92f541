import type { Socket } from "node:net";
import type { StagedRelay } from "../../scripts/stage.ts";
import { inBatches, pause } from "./crowd.ts";
import { honestLogins } from "./honest_logins.ts";
import { opened } from "./strangers.ts";

/** What sockets that send a byte now and then came to. */
export interface SlowlorisResult {
  /** How long the longest of them stayed open, in milliseconds; Infinity when one still is. */
  readonly longestMs: number;
  /** The slowest honest login meanwhile, in milliseconds. */
  readonly worstLoginMs: number;
}

/** How long the sockets go on, in milliseconds. */
const LASTS_MS = 17_000;
const REQUEST = "GET /v1/ws HTTP/1.1\r\nHost: relay\r\nX-Header: ";

/** Opens sockets that send their request's head a byte at a time, from one address. */
export async function slowloris(
  relay: StagedRelay,
  count: number,
): Promise<SlowlorisResult> {
  const honest = await honestLogins(relay.url);
  const lives = await inBatches(count, async () => {
    const life = { from: performance.now(), ms: Infinity };
    const socket = await opened(relay.url);
    socket.once("close", () => life.ms = performance.now() - life.from);
    return { life, socket };
  }, 100);
  const end = performance.now() + LASTS_MS;
  for (let i = 0; performance.now() < end; i++) {
    for (const { socket } of lives) drip(socket, i);
    await pause(1_000);
  }
  const worstLoginMs = Math.max(...await honest.stop());
  const longestMs = Math.max(...lives.map(({ life }) => life.ms));
  for (const { socket } of lives) socket.destroy();
  return { longestMs, worstLoginMs };
}

function drip(socket: Socket, at: number): void {
  if (!socket.destroyed) socket.write(REQUEST[at] ?? "x");
}
