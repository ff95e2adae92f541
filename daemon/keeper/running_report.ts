import { checkSame } from "../../lib/local_api/same_daemon.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import type { DaemonSettings } from "./settings.ts";

/** What a start has to say of the daemon that is up by then. */
export interface UpFacts {
  /** Whether another start had begun it. */
  readonly already_running: boolean;
  readonly pid: number;
  readonly agent_id: string;
  readonly relay: string;
  /** http://host:port */
  readonly api: string;
  readonly data_dir: string;
}

/** Where a start is told. */
interface Announcer {
  print(line: string, facts: UpFacts): void;
}

/**
 * Says which daemon runs already, in place of a start.
 *
 * @returns the exit code.
 * @throws {Failure} OTHER_NAME where another agent was meant: nobody reads another's mail in silence.
 */
export function reportRunning(
  { dataDir, relay: wanted, name, isNameGiven }: DaemonSettings,
  host: Announcer,
  running: Status,
): number {
  const { pid, api, relay, state, agent_id, held_by } = running;
  checkSame(running, { dir: dataDir, name: isNameGiven ? name : undefined });
  const other = wanted.href === relay
    ? ""
    : `; it was not told of ${wanted.href}: for another relay, first agentnet stop`;
  const held = held_by === "mcp"
    ? "; an agent program's MCP server holds it, and agentnet up takes it over"
    : "";
  host.print(
    `agentnet daemon: one runs already with ${dataDir}: pid ${pid}, API ${api}, relay ${relay}, ${state}${held}${other}`,
    { already_running: true, pid, agent_id, relay, api, data_dir: dataDir },
  );
  return 0;
}
