import { fault, type Finding, ok } from "./finding.ts";

/** What of a daemon's status tells how it does. */
export interface DaemonStanding {
  readonly pid: number;
  readonly api: string;
  readonly state: string;
  readonly reason: string;
  readonly connected: boolean;
  readonly warnings: readonly string[];
}

/** How a daemon that answers does: whether it is connected, and alone with its key. */
export function daemonFinding(status: DaemonStanding): Finding {
  const { pid, api, state, reason, connected, warnings } = status;
  const two = warnings.find((one) => one.startsWith("two daemons"));
  if (two !== undefined) {
    const fix = "end the other one, on this host or on another";
    return fault("daemon", two, fix);
  }
  const detail = `pid ${pid} at ${api}: ${state}, ${reason}`;
  return connected ? ok("daemon", detail) : fault(
    "daemon",
    detail,
    "see what is said of the relay below; it keeps trying by itself",
  );
}
