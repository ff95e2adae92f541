import { Failure } from "../../lib/errors.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { ProofProgress } from "../../lib/local_api/types/status.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { note } from "./answer.ts";

/** Between two words on how far it is; what takes less than one says nothing. Milliseconds. */
const EVERY_MS = 1_000;

/** Does something that may take a proof of work; on a terminal says each second how far the daemon has come with it. */
export async function showingProof<T>(
  context: CliContext,
  api: Pick<LocalApi, "status">,
  action: () => Promise<T>,
): Promise<T> {
  if (!context.stderr.isTerminal) return await action();
  let isDone = false;
  const tell = async () => {
    const proof = await proofOf(api);
    if (isDone) return;
    if (proof !== undefined) note(context, progressText(proof));
    timer = context.clock.after(EVERY_MS, tell);
  };
  let timer = context.clock.after(EVERY_MS, tell);
  try {
    return await action();
  } finally {
    isDone = true;
    timer.cancel();
  }
}

/** What went wrong is the action's to tell. */
async function proofOf(
  api: Pick<LocalApi, "status">,
): Promise<ProofProgress | undefined> {
  try {
    return (await api.status()).proof;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** For example `proof of work: 45 % of the expected work, 0.3 s`. */
function progressText({ hashes, expected, elapsed_ms }: ProofProgress): string {
  const percent = Math.round((100 * hashes) / expected);
  const seconds = (elapsed_ms / 1000).toFixed(1);
  return `proof of work: ${percent} % of the expected work, ${seconds} s`;
}
