import { Failure } from "../errors.ts";
import type { Status } from "./types/status.ts";

/** Which daemon of a data dir is meant; what is left out may be anything. */
export interface WantedDaemon {
  /** The data dir. */
  readonly dir: string;
  /** The agent's name. */
  readonly name?: string | undefined;
  /** The relay as it is dialled. */
  readonly relay?: string | undefined;
  /** What to do where another one runs, in place of the usual words. */
  readonly fix?: string;
}

/**
 * Refuses a daemon that is another than the one that is meant: nobody reads another agent's mail in silence.
 *
 * @throws {Failure} OTHER_NAME, OTHER_RELAY.
 */
export function checkSame(
  { pid, agent_name, relay }: Pick<Status, "pid" | "agent_name" | "relay">,
  wanted: WantedDaemon,
): void {
  const { dir, fix } = wanted;
  if (wanted.name !== undefined && agent_name !== wanted.name) {
    const names = { running: agent_name, wanted: wanted.name };
    throw new Failure("OTHER_NAME", { fields: { dir, pid, ...names, fix } });
  }
  if (wanted.relay === undefined || relay === wanted.relay) return;
  const relays = { running: relay, wanted: wanted.relay };
  throw new Failure("OTHER_RELAY", { fields: { dir, pid, ...relays, fix } });
}
