import type { CliContext } from "../cli/cli_context.ts";

/** How long a daemon that takes another's place may take, in milliseconds. */
export const SUCCESSOR_MS = 15_000;

/**
 * How long the daemon that takes over may still take, in milliseconds: the one before it wrote when it let go of the
 * data dir (`daemon.handover`). 0 where none takes over, or it has the data dir by now.
 */
export async function successorMs(
  context: Pick<CliContext, "clock" | "readTextFile">,
  dir: string,
): Promise<number> {
  const at = await writtenIn(context, `${dir}/daemon.handover`);
  const agoMs = context.clock.wall() - at;
  return agoMs >= 0 ? Math.max(0, SUCCESSOR_MS - agoMs) : 0;
}

/** Unix milliseconds; NaN where it says none. */
async function writtenIn(
  context: Pick<CliContext, "readTextFile">,
  path: string,
): Promise<number> {
  try {
    const text = (await context.readTextFile(path)).trim();
    return /^\d{1,15}$/.test(text) ? Number(text) : NaN;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return NaN;
    throw error;
  }
}
