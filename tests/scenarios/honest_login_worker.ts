import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";

// Logs in again and again from an address of its own, on a thread of its own, so that what is measured is the relay
// and not the load beside it.

interface Start {
  readonly url: string;
  readonly localAddress: string;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
};
const PAUSE_MS = 50;
let isStopped = false;

scope.onmessage = ({ data }) => {
  if (data === "stop") isStopped = true;
  else void run(data as Start);
};

async function run({ url, localAddress }: Start): Promise<void> {
  const times: number[] = [];
  for (let i = 0; !isStopped; i++) {
    // Each login another agent: one alone may log in 30 times a minute.
    const identity = fastIdentity(900_000 + i);
    const from = performance.now();
    try {
      const peer = await RelayPeer.login(url, { identity, localAddress });
      times.push(performance.now() - from);
      peer.close();
      await peer.ended();
    } catch (error) {
      return scope.postMessage({ failed: String(error), times });
    }
    if (i === 0) scope.postMessage("begun");
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  scope.postMessage({ times });
}
