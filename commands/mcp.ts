import { resolve } from "node:path";
import { defined } from "../lib/defined.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import { namedDataDir } from "../lib/local_api/data_dir_choice.ts";
import { transferAt } from "./attach/transfer.ts";
import { toolFiles } from "./attach/tool_files_here.ts";
import type { ToolFiles } from "../mcp/files_context.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { LineTransport } from "../mcp/line_transport.ts";
import { serveMcp } from "../mcp/serve.ts";
import type { ToolContext } from "../mcp/tool_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import {
  apiAt,
  chosenIdentity,
  daemonPlace,
  dirOf,
  patientPlace,
} from "./daemon_access/daemon_api.ts";
import { untilReady } from "./daemon_access/until_ready.ts";
import {
  COMMON_FLAGS,
  type CommonFlags,
  switchFlag,
  textFlag,
} from "./cli/flags.ts";
import { WAKE_FLAG, type WakeFlags } from "./cli/wake_flag.ts";
import { sessionWakes } from "./session_inbox/session_wakes.ts";
import type { DaemonCheck } from "./held_daemon/wanted_daemon.ts";
import { DaemonHolder } from "./held_daemon/daemon_holder.ts";
import { isUnwanted } from "./held_daemon/unwanted.ts";
import { withKeptEnvironment } from "./held_daemon/kept_environment.ts";
import { HostOutput } from "./output/host_output.ts";
import { logLines } from "./output/log_lines.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";

interface Flags extends CommonFlags, WakeFlags {
  readonly relay?: string;
  readonly name?: string;
  readonly contacts?: boolean;
  readonly channel?: boolean;
  readonly files?: string;
}

/** How long the first tool waits for a daemon that was just started, in milliseconds; for its rooms, once connected. */
const CONNECTING = { timeoutMs: 10_000, roomsMs: 2_000 } as const;

export const command = cliCommand<Flags>({
  brief: "Serve an agent program as an MCP server on standard input and output",
  example: "agentnet mcp --data-dir ~/.agentnet",
  help:
    "Serves the commands as tools of the Model Context Protocol until standard input ends. Where no daemon runs it " +
    "holds one itself, with its log in the data dir, as long as it lives; agentnet up takes it over. An idle session of " +
    "Claude Code is woken through the inbox that its environment names, as watch and hook do it: for a mention, an " +
    "answer or a question by a contact. agentnet setup prints the lines for an agent program's settings.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      relay: textFlag(
        "url",
        "The relay of a daemon that is held here (AGENTNET_RELAY)",
      ),
      name: textFlag("name", "Its name shown to others (AGENTNET_NAME)"),
      contacts: switchFlag("Also the tools pin, unpin, mute and unmute"),
      files: textFlag(
        "dir",
        "The folder from which tools may send files, and into which they may get them",
      ),
      ...WAKE_FLAG,
      channel: switchFlag(
        "Wake by Claude Code's preview of channels in place of its inbox",
      ),
    },
  },
  async run(started, given) {
    const context = withKeptEnvironment(started);
    const flags = withWholePath(context, given);
    const check = await daemonCheck(context, flags);
    const files = await toolFiles(context, flags);
    const ended = new AbortController();
    const end = () => ended.abort();
    const quiet = (["SIGINT", "SIGTERM"] as const)
      .map((signal) => context.onSignal(signal, end));
    const log = logLines(context);
    const onTrouble = (failure: Failure) =>
      void log(`agentnet: ${failureLine(failure)}\n`);
    const wakes = sessionWakes(context, {
      ...defined({ wake: flags.wake, channel: flags.channel }),
      as: chosenIdentity(context, flags),
      dataDir: dirOf(context, flags),
      onTrouble,
    });
    const holder = holderOf(context, flags, {
      onTrouble,
      signal: ended.signal,
      alsoUses: [
        ...(wakes?.inboxPath === undefined ? [] : [wakes.inboxPath]),
        ...(files === undefined ? [] : [files.folder.path]),
      ],
    });
    const holding = holder?.run();
    const output = new HostOutput(context.clock, Deno.stdout);
    await serveMcp(toolContext(context, flags, { holder, check, files }), {
      transport: new LineTransport(context.clock, {
        input: Deno.stdin.readable,
        write: (bytes) => output.write(bytes),
      }),
      version: PROGRAM_VERSION,
      ...defined({ wakes: wakes?.options }),
      onTrouble,
      signal: ended.signal,
    });
    end();
    await holding;
    for (const off of quiet) off();
    output.check();
    return EXIT.done;
  },
});

/** A path stays what it is, whatever becomes of the right to ask for the working folder. */
function withWholePath(context: CliContext, flags: Flags): Flags {
  const env = (name: string) => context.env(name);
  const { dataDir } = flags;
  const named = namedDataDir({ env, ...defined({ dataDir }) });
  return named === undefined ? flags : { ...flags, dataDir: resolve(named) };
}

/** Whether a daemon is named by its address, that may run for any data dir. */
function isAnywhere(context: CliContext, { api }: Flags): boolean {
  return api !== undefined || !!context.env("AGENTNET_TOKEN");
}

async function isHeld(context: CliContext, dir: string): Promise<boolean> {
  return await context.lockState(`${dir}/daemon.lock`) === "held";
}

/** Who sees to it that a daemon runs; null where one is named that runs anywhere. */
function holderOf(
  context: CliContext,
  flags: Flags,
  { onTrouble, signal, alsoUses }: {
    readonly onTrouble: (failure: Failure) => void;
    readonly signal: AbortSignal;
    readonly alsoUses: readonly string[];
  },
): DaemonHolder | null {
  if (isAnywhere(context, flags)) return null;
  const dir = dirOf(context, flags);
  return new DaemonHolder({
    clock: context.clock,
    isHeld: () => isHeld(context, dir),
    isUnwanted: () => isUnwanted(dir),
    untilConnected: () => untilConnected(context, flags),
    // Most of the time another process has it, and this one needs none of that.
    hold: async (up) => {
      const { holdHere } = await import("./held_daemon/hold_here.ts");
      const place = { context, flags, dir, signal, alsoUses };
      return await holdHere(place, up);
    },
    onTrouble,
    signal,
  });
}

/**
 * Looks after it that the tools speak for the agent that is named, if one is; null where none is held here.
 *
 * @throws {Failure} OTHER_NAME, OTHER_RELAY of a daemon that runs already; USAGE, RELAY_URL_INVALID.
 */
async function daemonCheck(
  context: CliContext,
  flags: Flags,
): Promise<DaemonCheck | null> {
  const isNamed = flags.name ?? flags.relay ??
    (context.env("AGENTNET_NAME") || context.env("AGENTNET_RELAY"));
  if (!isNamed || isAnywhere(context, flags)) return null;
  const { DaemonCheck } = await import("./held_daemon/wanted_daemon.ts");
  const dir = dirOf(context, flags);
  const check = new DaemonCheck(context, flags, dir);
  if (!await isHeld(context, dir)) return check;
  try {
    const place = await daemonPlace(context, flags);
    await check.check(place.token, apiAt(context, flags, place));
  } catch (thrown) {
    const { code } = Failure.from(thrown);
    if (code === "OTHER_NAME" || code === "OTHER_RELAY") throw thrown;
    // It may just be starting: whoever asks it first is told.
  }
  return check;
}

/** What a relay that can't be reached means, the tools say. */
async function untilConnected(
  context: CliContext,
  flags: Flags,
): Promise<void> {
  try {
    await untilReady(context, flags, CONNECTING);
  } catch (thrown) {
    if (Failure.from(thrown).exitCode === EXIT.unexpected) throw thrown;
  }
}

function toolContext(
  context: CliContext,
  flags: Flags,
  { holder, check, files }: {
    readonly holder: DaemonHolder | null;
    readonly check: DaemonCheck | null;
    readonly files: ToolFiles | undefined;
  },
): ToolContext {
  const { clock } = context;
  return {
    clock,
    randomBytes: (count) => context.randomBytes(count),
    changesContacts: flags.contacts ?? false,
    ...defined({ files }),
    daemon: async () => {
      await holder?.ready();
      const place = await patientPlace(context, flags);
      const api = apiAt(context, flags, place);
      await check?.check(place.token, api);
      const transfer = transferAt(context, place);
      return { api, token: place.token, transfer };
    },
  };
}
