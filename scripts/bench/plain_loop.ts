import type { WebSocket } from "ws";
import { fastIdentity } from "../../tests/fakes/fast_identity.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { inBatches } from "../../tests/scenarios/crowd.ts";
import { openSocket, withFloorServer } from "./floor_server.ts";

const SERVER = new URL("./plain_loop_worker.ts", import.meta.url);

/** Frames of one pair that have not come through. */
const IN_FLIGHT = 64;

/**
 * The floor of a relay: a worker that takes frames off npm:ws, decodes and verifies them, and sends each to the other
 * of its pair. No rules, no rooms, no disk.
 *
 * @returns messages a second.
 */
export async function plainLoop(
  options: { readonly pairs: number; readonly messages: number },
): Promise<number> {
  return await withFloorServer(SERVER, (url) => rate(url, options));
}

async function rate(
  url: string,
  { pairs, messages }: { readonly pairs: number; readonly messages: number },
): Promise<number> {
  const each = Math.floor(messages / pairs);
  const running = await inBatches(pairs, async (i) => {
    const frames = signedBefore(i, each);
    const sender = await openSocket(`${url}${i}`);
    return { frames, sender, receiver: await openSocket(`${url}${i}`) };
  });
  const from = performance.now();
  await Promise.all(running.map(run));
  const seconds = (performance.now() - from) / 1000;
  for (const { sender, receiver } of running) {
    sender.terminate();
    receiver.terminate();
  }
  return pairs * each / seconds;
}

function signedBefore(number: number, count: number): string[] {
  const { id, sign } = fastIdentity(number);
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify(signFrame({
      type: "message",
      id: `m${i}`,
      room: `pair-${number}`,
      from: id,
      content: { type: "text", text: `message ${i} of a bench` },
      timestamp: Date.now(),
      nonce: `n${i}`,
    }, sign)));
}

interface Pair {
  readonly frames: readonly string[];
  readonly sender: WebSocket;
  readonly receiver: WebSocket;
}

function run({ frames, sender, receiver }: Pair): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0;
    let heard = 0;
    const fill = () => {
      while (sent < frames.length && sent - heard < IN_FLIGHT) {
        sender.send(frames[sent++] as string);
      }
    };
    receiver.on("message", () => {
      if (++heard === frames.length) resolve();
      else fill();
    });
    fill();
  });
}
