import type { Status } from "../../lib/local_api/types.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import type { Behaviour } from "../fakes/hostile_behaviour.ts";
import { HostileServer } from "../fakes/hostile_server.ts";
import { percentile, residentBytes } from "../fakes/process_figures.ts";
import { stagedApi } from "../fakes/staged_api.ts";

/** What a daemon says of a hostile relay, and how its local API answered meanwhile. */
export interface HostileResult {
  readonly status: Status;
  /** States and reasons that were seen, in order, each once. */
  readonly seen: readonly string[];
  /** Of `GET /v2/status`, in milliseconds. */
  readonly p99Ms: number;
  readonly worstMs: number;
  readonly answers: number;
  /** Requests that nobody answered: a session worker was being started again. */
  readonly unanswered: number;
  readonly connections: number;
  /** Resident memory of the daemon at the end. */
  readonly bytes: number;
}

/** From one look at the daemon to the next, in milliseconds. */
const LOOK_MS = 20;

/** A daemon meets a relay that behaves so, for so long; with `inTea` it is in a room before. */
export async function hostileServer(
  behaviour: Behaviour,
  { ms, inTea = false }: { readonly ms: number; readonly inTea?: boolean },
): Promise<HostileResult> {
  using server = await HostileServer.open();
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  if (inTea) {
    server.behave("tame");
    await ada.online({ relay: server.url });
    const api = await stagedApi(ada);
    await api.join({ room: "tea" });
    server.behave(behaviour);
  } else {
    server.behave(behaviour);
    await ada.startDaemon({ relay: server.url });
  }
  return { ...await watch(ada, ms), connections: server.connections };
}

async function watch(agent: StagedAgent, ms: number) {
  let api = await stagedApi(agent);
  const times: number[] = [];
  const seen = new Set<string>();
  let status: Status | undefined;
  let unanswered = 0;
  const end = performance.now() + ms;
  while (performance.now() < end || status === undefined) {
    const began = performance.now();
    try {
      status = await api.status();
      times.push(performance.now() - began);
      seen.add(`${status.state}: ${status.reason}`);
    } catch {
      unanswered++;
      api = await stagedApi(agent);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return {
    ...{ status, seen: [...seen], unanswered, answers: times.length },
    bytes: residentBytes(status.pid),
    p99Ms: percentile(times, 0.99),
    worstMs: Math.max(...times),
  };
}
