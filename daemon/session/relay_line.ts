import { FEATURES } from "../../lib/protocol/frames.ts";
import type { Heard } from "./heard.ts";
import { Reconnect } from "./reconnect.ts";
import type { SessionOptions } from "./session_options.ts";

/** Chance, from 0 up to 1. */
export function randomOf(randomBytes: (count: number) => Uint8Array): number {
  const [a = 0, b = 0, c = 0] = randomBytes(3);
  return ((a * 256 + b) * 256 + c) / 2 ** 24;
}

/** The line to the relays of the settings, one after the other, which is kept up. @param heard what comes of it */
export function makeReconnect(
  options: SessionOptions,
  heard: (event: Heard) => void,
): Reconnect {
  const { settings, clock, log, randomBytes, ...way } = options;
  const { dial, sign, findProof, connect, relays } = way;
  return new Reconnect({
    ...{ clock, log },
    random: () => randomOf(randomBytes),
    dial: (events, signal) =>
      connect({
        ...{ dial, clock, randomBytes, sign, findProof, events, signal },
        url: relays.next(),
        features: FEATURES,
        profile: {
          id: settings.agentId,
          name: settings.agentName,
          version: settings.version,
        },
      }),
    connected: () => heard({ connected: true }),
    disconnected: () => heard({ disconnected: true }),
    push: heard,
    dropped: (reason) => heard({ dropped: reason }),
  });
}
