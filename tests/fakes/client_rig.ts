import { connect, type Connection } from "../../lib/client/connection.ts";
import type {
  ConnectionEnd,
  ConnectOptions,
  FindProof,
  Push,
} from "../../lib/client/connection_types.ts";
import { Failure } from "../../lib/errors.ts";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import { FEATURES } from "../../lib/protocol/frames.ts";
import { checkProof } from "../../lib/protocol/pow.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import { FakeClock } from "./fake_clock.ts";
import { identityOf } from "./fast_identity.ts";
import { ScriptedRelay, type ScriptedRelayOptions } from "./scripted_relay.ts";
import { defined } from "../../lib/defined.ts";

/** Everything that a connection told its owner. */
export class Heard {
  readonly pushes: Push[] = [];
  readonly dropped: string[] = [];
  readonly pongs: number[] = [];
  readonly ends: ConnectionEnd[] = [];
  /** All of it, in order. */
  readonly log: string[] = [];
}

/** Finds small proofs at once, by trying. */
export const plainProof: FindProof = ({ challenge, difficulty }) => {
  for (let i = 0;; i++) {
    const proof = String(i);
    if (checkProof({ challenge, proof }, difficulty)) {
      return Promise.resolve(proof);
    }
  }
};

/** A search for proofs that never ends by itself, and how often it was stopped. */
export function endlessProof() {
  const search = {
    stops: 0,
    findProof: ((_, signal) => {
      signal.addEventListener("abort", () => search.stops++);
      return new Promise(() => {});
    }) satisfies FindProof as FindProof,
  };
  return search;
}

/** An agent, a clock and a relay in memory, ready to connect. */
export function clientRig(
  kind: ScriptedRelayOptions["kind"],
  difficulty?: { readonly login: number; readonly create: number },
) {
  const clock = new FakeClock();
  const relay = new ScriptedRelay({
    clock,
    kind,
    ...defined({ difficulty }),
  });
  const identity = identityOf(new Uint8Array(32).fill(7));
  const heard = new Heard();
  let counter = 0;
  const options: ConnectOptions = {
    url: "ws://relay.test/v1/ws",
    profile: { id: identity.id, name: "me", version: "1" },
    features: FEATURES,
    dial: relay.dial,
    clock,
    randomBytes: (count) => new Uint8Array(count).fill(++counter),
    sign: (frame) =>
      Promise.resolve(encodeBase58(identity.sign(signedBytes(frame)))),
    findProof: plainProof,
    events: {
      push: (push) => {
        heard.pushes.push(push);
        const kind = "overrun" in push
          ? "overrun"
          : "marks" in push
          ? "marks"
          : push.frame.type;
        heard.log.push(`push ${kind}`);
      },
      dropped: (reason) => {
        heard.dropped.push(reason);
        heard.log.push(`dropped ${reason}`);
      },
      pong: (rttMs) => heard.pongs.push(rttMs),
      ended: (end) => {
        heard.ends.push(end);
        heard.log.push(`ended ${end.kind}`);
      },
    },
    signal: new AbortController().signal,
  };
  return { clock, relay, identity, heard, options };
}

export type ClientRig = ReturnType<typeof clientRig>;

/** The rig, connected; what was held behind the login is out. */
export async function connectedRig(
  kind: ScriptedRelayOptions["kind"],
): Promise<ClientRig & { readonly connection: Connection }> {
  const rig = clientRig(kind);
  const connection = await connect(rig.options);
  await rig.clock.advance(0);
  return { ...rig, connection };
}

/** What a promise comes to, without waiting for it: `undefined` while it is open. */
export function watch<T>(promise: Promise<T>): {
  readonly value?: T;
  readonly error?: unknown;
} {
  const seen: { value?: T; error?: unknown } = {};
  promise.then((value) => seen.value = value, (error) => seen.error = error);
  return seen;
}

/** The code of the Failure that a watched promise came to. */
export function codeOf(seen: { readonly error?: unknown }): string {
  return seen.error instanceof Failure ? seen.error.code : String(seen.error);
}
