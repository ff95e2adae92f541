import { WebSocket } from "ws";
import { fastIdentity } from "../../tests/fakes/fast_identity.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { inBatches } from "../../tests/scenarios/crowd.ts";

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
  const worker = new Worker(
    new URL("./plain_loop_worker.ts", import.meta.url),
    { type: "module" },
  );
  try {
    const port = await new Promise<number>((resolve) =>
      worker.onmessage = ({ data }) => resolve(data as number)
    );
    return await rate(`ws://127.0.0.1:${port}/`, options);
  } finally {
    worker.terminate();
  }
}

async function rate(
  url: string,
  { pairs, messages }: { readonly pairs: number; readonly messages: number },
): Promise<number> {
  const each = Math.floor(messages / pairs);
  const running = await inBatches(pairs, async (i) => {
    const frames = signedBefore(i, each);
    const sender = await open(`${url}${i}`);
    return { frames, sender, receiver: await open(`${url}${i}`) };
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

function open(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
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
