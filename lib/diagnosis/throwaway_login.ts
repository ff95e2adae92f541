import type { ConnectOptions } from "../client/connection_types.ts";
import type { RelayUrl } from "../client/relay_url.ts";
import { upgradeProbe } from "../client/dial_probe.ts";
import { webSocketDial } from "../client/websocket_transport.ts";
import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import { http1Head } from "../http1_head.ts";
import { solve } from "../pow/solver.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import { Identity } from "../protocol/identity.ts";
import { signedBytes } from "../protocol/signing.ts";

/** What a login with a throwaway identity needs. */
export interface ThrowawayOptions {
  readonly relay: RelayUrl;
  /** host:port of the proxy on the way, for the wording. */
  readonly proxy?: string | undefined;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  /** This program's version, for the profile. */
  readonly version: string;
}

/** Longest search for a proof of work, in milliseconds. */
const PROOF_MS = 20_000;

/** A login with an identity drawn for it and thrown away: the agent's own session is not disturbed. */
export async function throwawayLogin(
  { relay, proxy, clock, randomBytes, version }: ThrowawayOptions,
  rest: Pick<ConnectOptions, "signal" | "features"> & {
    readonly name: string;
    readonly push?: ConnectOptions["events"]["push"];
  },
): Promise<ConnectOptions> {
  const identity = await Identity.fromSeed(randomBytes(32));
  const { name, push = () => {}, signal, features } = rest;
  return {
    url: relay.href,
    profile: { id: identity.id, name, version },
    features,
    dial: webSocketDial({ clock, probe: upgradeProbe(http1Head()), proxy }),
    clock,
    randomBytes,
    sign: async (frame) =>
      encodeBase58(await identity.sign(signedBytes(frame))),
    findProof: async ({ challenge, difficulty }, searching) => {
      const found = await solve(challenge, difficulty, {
        signal: searching,
        budgetMs: PROOF_MS,
      });
      if (found.ok) return found.proof;
      throw new Failure("POW_TIMEOUT");
    },
    events: { push, dropped() {}, pong() {}, ended() {} },
    signal,
  };
}
