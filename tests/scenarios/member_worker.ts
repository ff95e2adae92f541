import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

// A logged-in member that asks again and again, on a thread of its own, so that what is measured is the relay and not
// the load beside it.

interface Start {
  readonly url: string;
  readonly localAddress: string;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
};
const PAUSE_MS = 20;
let isStopped = false;

scope.onmessage = ({ data }) => {
  if (data === "stop") isStopped = true;
  else void run(data as Start);
};

async function run({ url, localAddress }: Start): Promise<void> {
  const times: number[] = [];
  try {
    const identity = fastIdentity(910_000);
    const peer = await RelayPeer.login(url, { identity, localAddress });
    scope.postMessage("begun");
    const cut = peer.ended().then(({ code, reason }) => {
      if (!isStopped) throw new Error(`the member was cut: ${code} ${reason}`);
    });
    while (!isStopped) {
      const from = performance.now();
      await Promise.race([pong(peer), cut]);
      times.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    peer.close();
    scope.postMessage({ times });
  } catch (error) {
    scope.postMessage({ failed: String(error), times });
  }
}

function pong(peer: RelayPeer): Promise<void> {
  return new Promise((resolve) => {
    peer.onText = () => resolve();
    peer.text('{"type":"ping"}');
  });
}
