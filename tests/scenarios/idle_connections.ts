import type { StagedRelay } from "../../scripts/stage.ts";
import { residentBytes } from "../fakes/process_figures.ts";
import { closeAll, logInMany, pause } from "./crowd.ts";

/** Resident bytes of a relay for each logged-in agent that says nothing. */
export async function bytesOfIdle(
  relay: StagedRelay,
  count: number,
): Promise<number> {
  closeAll(await logInMany(relay.url, 100, { first: 600_000 }));
  await pause(1_000);
  const before = residentBytes(relay.process.pid);
  const peers = await logInMany(relay.url, count, { first: 500_000 });
  await pause(1_000);
  const after = residentBytes(relay.process.pid);
  closeAll(peers);
  return (after - before) / count;
}
