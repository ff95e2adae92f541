import type { Clock } from "../clock.ts";
import { sandboxed, type WorkerPermissions } from "../sandbox.ts";
import { fault, type Finding, ok } from "./finding.ts";
import type { ProbeAnswer, ProbeTask } from "./sandbox_probe_worker.ts";

/** What is tried, and with which permissions. */
export interface ProbeOptions {
  /** Those of the session worker. */
  readonly permissions: WorkerPermissions;
  /** A file that it must not read: the agent's key. */
  readonly forbiddenFile: string;
  readonly clock: Clock;
}

/** How long the probe may take, in milliseconds. */
const PROBE_MS = 10_000;

/** Starts a worker with the session worker's permissions and lets it try what it must not do. */
export async function sandboxFindings(
  { permissions, forbiddenFile, clock }: ProbeOptions,
): Promise<Finding[]> {
  const worker = new Worker(
    new URL("./sandbox_probe_worker.ts", import.meta.url),
    sandboxed("probe", permissions),
  );
  try {
    const answer = await answerOf(worker, { forbiddenFile }, clock);
    const net = permissions.net === false ? "none" : permissions.net.join(", ");
    return [
      ok(
        "permissions",
        `network: ${net}; files: ${
          permissions.write === false ? "none" : permissions.write.join(", ")
        }`,
      ),
      ...answer.map(({ attempt, refused }) =>
        refused ? ok("sandbox", `${attempt}: refused`) : fault(
          "sandbox",
          `${attempt}: allowed`,
          "run agentnet through its own launcher or file, not with other flags",
        )
      ),
    ];
  } finally {
    worker.terminate();
  }
}

function answerOf(
  worker: Worker,
  task: ProbeTask,
  clock: Clock,
): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(
      PROBE_MS,
      () => reject(new Error("the sandbox probe did not answer")),
    );
    worker.onmessage = ({ data }) => {
      timer.cancel();
      resolve(data as ProbeAnswer);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      timer.cancel();
      reject(new Error(`the sandbox probe failed: ${event.message}`));
    };
    worker.postMessage(task);
  });
}
