import { sleep } from "../lib/clock.ts";
import { type ErrorCode, EXIT, Failure } from "../lib/errors.ts";
import type { RoomStatus, Status } from "../lib/local_api/types.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, type CommonFlags, readFlag } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { statusText } from "../lib/rendering/status_text.ts";

interface Flags extends CommonFlags {
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Pause between two looks at the daemon on this machine, in milliseconds. */
const PAUSE_MS = 50;
/** A look may take at least so long, whatever is left, in milliseconds. */
const LEAST_LOOK_MS = 100;

/** What a daemon that is about to listen can look like. */
const NOT_YET: readonly ErrorCode[] = [
  "NO_DAEMON",
  "NOT_THE_DAEMON",
  "BAD_TOKEN",
  "NOT_READY",
];

export const command = cliCommand<Flags>({
  brief: "Wait until the daemon is connected and its rooms are joined",
  example: "agentnet wait-ready --timeout 30s",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      timeout: readFlag(parseWait, "30s", "Wait at most so long (30s)"),
    },
  },
  async run(context, flags) {
    const status = await untilReady(context, flags);
    const text = () => statusText(status, context.clock.wall());
    answer(context, flags, { json: status, text });
    return EXIT.done;
  },
});

async function untilReady(context: CliContext, flags: Flags): Promise<Status> {
  const { clock } = context;
  const deadline = clock.monotonic() + (flags.timeout ?? DEFAULT_TIMEOUT_MS);
  for (;;) {
    const seen = await look(context, flags, deadline - clock.monotonic());
    if (!(seen instanceof Failure) && isReady(seen)) return seen;
    const left = deadline - clock.monotonic();
    if (left <= 0) {
      throw seen instanceof Failure ? seen : notReady(seen);
    }
    await sleep(clock, Math.min(PAUSE_MS, left));
  }
}

/** The status, or why there is none yet: a daemon that has just been started writes its token and address first. */
async function look(
  context: CliContext,
  flags: Flags,
  leftMs: number,
): Promise<Status | Failure> {
  const late = new AbortController();
  const timer = context.clock.after(
    Math.max(leftMs, LEAST_LOOK_MS),
    () => late.abort(silent()),
  );
  try {
    return await (await daemonApi(context, flags)).status({}, late.signal);
  } catch (thrown) {
    const failure = Failure.from(thrown);
    if (NOT_YET.includes(failure.code)) return failure;
    throw failure;
  } finally {
    timer.cancel();
  }
}

/** A daemon that listens, but answers nothing in the time given. */
function silent(): Failure {
  const reason = "it does not answer";
  return new Failure("NOT_READY", { fields: { reason } });
}

function notReady({ connected, state, reason, rooms }: Status): Failure {
  const waiting = rooms.filter((room) => !isInOrEnded(room))
    .map(({ name, reason = "yet" }) => `#${name} (${reason})`);
  const why = connected
    ? `not joined: ${waiting.join(", ")}`
    : `${state}${reason === "" ? "" : `, ${reason}`}`;
  return new Failure("NOT_READY", { fields: { reason: why } });
}

function isReady({ connected, rooms }: Status): boolean {
  return connected && rooms.every(isInOrEnded);
}

/** A room that has ended may never be there again: it is shown, and not waited for. */
function isInOrEnded({ joined, state }: RoomStatus): boolean {
  return joined || state === "ended";
}
