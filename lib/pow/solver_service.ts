import {
  parseCommand,
  type PowChannel,
  type PowReport,
  type SolveCommand,
} from "./search_messages.ts";
import { solve } from "./solver.ts";
import { yieldByDigest } from "./yields.ts";
import { defined } from "../defined.ts";

/** Searches of one channel that run at a time; more are answered `failed`. */
const MAX_JOBS = 8;
/** Time between two progress reports in milliseconds. */
const REPORT_MS = 100;

/**
 * Serves searches on a channel, and on every port that it hands over. A report
 * of progress goes out at the start of a search and every 100 ms, which is also
 * the sign of life that `PowPool` goes by.
 */
export function serveSolver(
  channel: PowChannel<PowReport>,
  { solveWith = solve }: { readonly solveWith?: typeof solve } = {},
): void {
  const jobs = new Map<number, AbortController>();
  channel.addEventListener("message", (event) => {
    const command = parseCommand(event.data);
    if (command?.type === "port") serveSolver(command.port, { solveWith });
    if (command?.type === "cancel") jobs.get(command.id)?.abort();
    if (command?.type === "solve") startJob(command);
  });
  channel.start?.();

  function startJob(command: SolveCommand): void {
    const { id } = command;
    if (jobs.size >= MAX_JOBS || jobs.has(id)) {
      return channel.postMessage({ type: "failed", id });
    }
    const control = new AbortController();
    jobs.set(id, control);
    channel.postMessage({ type: "progress", id, hashes: 0 });
    runJob(command, control.signal)
      // The pool hears of it and turns to its other channels or its own thread.
      .catch((): PowReport => ({ type: "failed", id }))
      .then((report) => {
        jobs.delete(id);
        channel.postMessage(report);
      });
  }

  async function runJob(
    { id, challenge, difficulty, share, budgetMs, cancelFlag }: SolveCommand,
    signal: AbortSignal,
  ): Promise<PowReport> {
    const flag = cancelFlag && new Int32Array(cancelFlag);
    let reportedMs = 0;
    const outcome = await solveWith(challenge, difficulty, {
      signal,
      share,
      pause: yieldByDigest,
      cancelled: () => flag !== undefined && Atomics.load(flag, 0) !== 0,
      ...defined({ budgetMs }),
      onProgress: ({ hashes, elapsedMs }) => {
        if (elapsedMs - reportedMs < REPORT_MS) return;
        reportedMs = elapsedMs;
        channel.postMessage({ type: "progress", id, hashes });
      },
    });
    return { type: "done", id, outcome };
  }
}
