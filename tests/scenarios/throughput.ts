import type { StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, inBatches } from "./crowd.ts";

/** Frames of one pair without an acknowledgement. */
const IN_FLIGHT = 64;

interface Pair {
  readonly sender: RelayPeer;
  readonly receiver: RelayPeer;
  readonly frames: readonly string[];
}

/**
 * Messages a second that are taken, stored, acknowledged and delivered: pairs, each in a room of its own, the two of
 * them at different relays where there are several.
 *
 * @param relays one, or those of a cluster.
 */
export async function messagesPerSecond(
  relays: readonly StagedRelay[],
  options: { readonly pairs: number; readonly messages: number },
): Promise<number> {
  const { pairs, messages } = options;
  const each = Math.floor(messages / pairs);
  const running = await inBatches(pairs, async (i): Promise<Pair> => {
    const login = (number: number) =>
      RelayPeer.login(urlOf(relays, number), {
        identity: fastIdentity(number),
        features: ["ack"],
      });
    const room = `pair-${i}`;
    const sender = await login(2 * i);
    const receiver = await login(2 * i + 1);
    await gather([sender, receiver], room);
    return { sender, receiver, frames: signedBefore(sender, room, each) };
  });
  const from = performance.now();
  await Promise.all(running.map(run));
  const seconds = (performance.now() - from) / 1000;
  closeAll(running.flatMap(({ sender, receiver }) => [sender, receiver]));
  return pairs * each / seconds;
}

/** Agents at one relay after the other. */
export function urlOf(
  relays: readonly Pick<StagedRelay, "url">[],
  agent: number,
): string {
  return relays[agent % relays.length]?.url ?? "";
}

function signedBefore(
  sender: RelayPeer,
  room: string,
  count: number,
): string[] {
  return Array.from(
    { length: count },
    (_, i) => sender.message(room, `message ${i} of a bench`, `m${i}`),
  );
}

/** Sends all frames, a window of them unacknowledged; ends when each is acknowledged and delivered. */
function run({ sender, receiver, frames }: Pair): Promise<void> {
  const done = Promise.withResolvers<void>();
  let sent = 0;
  let acknowledged = 0;
  let delivered = 0;
  const fill = () => {
    while (sent < frames.length && sent - acknowledged < IN_FLIGHT) {
      sender.text(frames[sent++] as string);
    }
  };
  const check = () => {
    if (acknowledged === frames.length && delivered === frames.length) {
      done.resolve();
    }
  };
  sender.onText = (text) => {
    if (text.startsWith('{"type":"error"')) return done.reject(new Error(text));
    // Another relay may tell a moment later who came in.
    if (!text.startsWith('{"type":"message.ack"')) return;
    acknowledged++;
    fill();
    check();
  };
  receiver.onText = (text) => {
    if (!text.startsWith('{"type":"message"')) return;
    delivered++;
    check();
  };
  for (const { socket } of [sender, receiver]) {
    socket.once("close", () => done.reject(new Error("a line ended")));
  }
  fill();
  return done.promise;
}
