import { defined } from "../lib/defined.ts";
import { EXIT } from "../lib/errors.ts";
import { checkSame } from "../lib/local_api/same_daemon.ts";
import type { Status } from "../lib/local_api/types/status.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { parseWait } from "./cli/duration.ts";
import {
  AS_FLAG,
  COMMON_FLAGS,
  JSON_FLAG,
  readFlag,
  textFlag,
} from "./cli/flags.ts";
import { dirOf } from "./daemon_access/daemon_api.ts";
import { untilReady, waitingRooms } from "./daemon_access/until_ready.ts";
import { answer, note } from "./output/answer.ts";
import {
  rememberStart,
  runningStatus,
  type StartFlags,
  startSettings,
  wantedBy,
} from "./start/remembered_start.ts";
import {
  askForStart,
  hearOfStart,
  logPath,
  startPhase,
} from "./start/start_phase.ts";

interface Flags extends Omit<StartFlags, "api"> {
  readonly timeout?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** How long rooms are waited for once the relay is connected: a relay lets one back that was away for a moment. */
const ROOMS_MS = 3_000;

export const command = cliCommand<Flags>({
  brief: "Start the daemon in the background, and wait until it is ready",
  example: "agentnet up --relay wss://relay.example.org/v1/ws --name ada",
  help:
    "Starts the daemon in the background, with its log in the data dir, and waits until it is connected. Relay and " +
    "name are remembered: the next time agentnet up is enough. Where one runs already, says so.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      ...AS_FLAG,
      dataDir: COMMON_FLAGS.dataDir,
      relay: textFlag("url", "The relay, ws:// or wss:// (AGENTNET_RELAY)"),
      name: textFlag(
        "name",
        "Name shown to others (AGENTNET_NAME); the host's without it",
      ),
      timeout: readFlag(parseWait, "30s", "Wait at most so long (30s)"),
    },
  },
  async run(context, flags) {
    const dir = dirOf(context, flags);
    if (startPhase(context) === "started") {
      const isOther = await hearOfStart(context, dir);
      await checkOther(context, flags, dir);
      return await tellUp(context, flags, isOther);
    }
    const running = await runningStatus(context, flags, dir);
    const settings = await startSettings(context, flags, running);
    if (running !== null) checkSame(running, wantedBy(settings));
    if (running !== null && !canTakeOver(context, running)) {
      return await tellUp(context, flags, true);
    }
    // Others know the one whose place is taken by its name.
    const { agent_name: name = settings.name } = running ?? {};
    const isNameGiven = settings.isNameGiven || running !== null;
    await rememberStart(context, { ...settings, name, isNameGiven });
    return await askForStart(context, { dir, flags });
  },
});

/** Of several starts at once one runs, by what was remembered last: it may be another than was asked for here. */
async function checkOther(
  context: CliContext,
  flags: Flags,
  dir: string,
): Promise<void> {
  const running = await runningStatus(context, flags, dir);
  if (running === null) return;
  checkSame(running, wantedBy(await startSettings(context, flags, running)));
}

/** One that an agent program's MCP server holds ends with that program: a daemon of its own takes its place. */
function canTakeOver(context: CliContext, { held_by }: Status): boolean {
  return held_by === "mcp" && startPhase(context) === "offered";
}

async function tellUp(
  context: CliContext,
  flags: Flags,
  already_running: boolean,
): Promise<typeof EXIT.done> {
  const { timeout: timeoutMs = DEFAULT_TIMEOUT_MS, dataDir } = flags;
  const patience = { timeoutMs, roomsMs: ROOMS_MS };
  const place = defined({ dataDir });
  const dir = dirOf(context, flags);
  const status = await untilReady(context, place, patience).catch((thrown) => {
    if (!already_running) tellRemembered(context, flags);
    throw thrown;
  });
  const { agent_id, agent_name, relay, api, pid, rooms } = status;
  const json = {
    ...{ already_running, pid, agent_id, agent_name, relay, api },
    ...{ data_dir: dir, log: logPath(dir), rooms },
  };
  const text = () => upLine(status, { already_running, dir });
  answer(context, flags, { json, text });
  return EXIT.done;
}

/** Whoever mistyped the relay learns that the next start would go there too. */
function tellRemembered(context: CliContext, flags: Flags): void {
  const relay = flags.relay ?? context.env("AGENTNET_RELAY");
  if (!relay) return;
  note(
    context,
    `${relay} is remembered as this agent's relay all the same; for another one: agentnet stop, then agentnet up --relay URL`,
  );
}

function upLine(
  { agent_id, agent_name, relay, api, pid, rooms }: Status,
  { already_running, dir }: { already_running: boolean; dir: string },
): string {
  const waiting = waitingRooms(rooms);
  return [
    `agentnet up: ${already_running ? "one runs already" : "started"}`,
    `${agent_name} (${agent_id}) at ${relay}`,
    `pid ${pid}, API ${api}, data ${dir}, log ${logPath(dir)}`,
    ...(waiting === "" ? [] : [`not joined yet: ${waiting}`]),
  ].join("; ");
}
