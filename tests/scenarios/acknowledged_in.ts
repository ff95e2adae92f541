import type { StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { closeAll, gather, inBatches, pause } from "./crowd.ts";
import { urlOf } from "./throughput.ts";

export interface EvenLoad {
  readonly senders: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** From sending to the acknowledgement, in milliseconds, at an even rate of agents in one room. */
export async function acknowledgedIn(
  relays: readonly StagedRelay[],
  { senders, perSecond, seconds }: EvenLoad,
): Promise<number[]> {
  const peers = await inBatches(
    senders,
    (i) =>
      RelayPeer.login(urlOf(relays, i), {
        identity: fastIdentity(600_000 + i),
        features: ["ack"],
      }),
  );
  await gather(peers, "even");
  const sentAt = new Map<string, number>();
  const times: number[] = [];
  const done = Promise.withResolvers<void>();
  const count = perSecond * seconds;
  for (const peer of peers) {
    peer.onFrame = ({ type, id, ...more }) => {
      const at = sentAt.get(String(id));
      if (type === "error") done.reject(new Error(JSON.stringify(more)));
      if (type !== "message.ack" || at === undefined) return;
      times.push(performance.now() - at);
      if (times.length >= count) done.resolve();
    };
    peer.socket.once("close", () => done.reject(new Error("a line ended")));
  }
  const say = async () => {
    const from = performance.now();
    for (let i = 0; i < count; i++) {
      await pause(from + i * 1_000 / perSecond - performance.now());
      const peer = peers[i % peers.length] as RelayPeer;
      const frame = peer.message("even", "an even load", `e${i}`);
      sentAt.set(`e${i}`, performance.now());
      peer.text(frame);
    }
  };
  await Promise.all([say(), done.promise]);
  closeAll(peers);
  return times;
}
