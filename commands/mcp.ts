import { EXIT } from "../lib/errors.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { LineTransport } from "../mcp/line_transport.ts";
import { serveMcp } from "../mcp/serve.ts";
import type { ToolContext } from "../mcp/tool_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { apiAt, daemonPlace } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, switchFlag } from "./cli/flags.ts";
import { HostOutput } from "./output/host_output.ts";
import { logLines } from "./output/log_lines.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";

interface Flags extends CommonFlags {
  readonly contacts?: boolean;
}

export const command = cliCommand<Flags>({
  brief: "Serve an agent program as an MCP server on standard input and output",
  example: "agentnet mcp --data-dir ~/.agentnet",
  help:
    "Serves the commands as tools of the Model Context Protocol until standard input ends. The daemon has to run; " +
    "one that is started later is found. README shows the configuration.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      contacts: switchFlag("Also the tools pin, unpin, mute and unmute"),
    },
  },
  async run(context, flags) {
    const ended = new AbortController();
    const end = () => ended.abort();
    const quiet = (["SIGINT", "SIGTERM"] as const)
      .map((signal) => context.onSignal(signal, end));
    const log = logLines(context);
    const output = new HostOutput(context.clock, Deno.stdout);
    await serveMcp(toolContext(context, flags), {
      transport: new LineTransport(context.clock, {
        input: Deno.stdin.readable,
        write: (bytes) => output.write(bytes),
      }),
      version: PROGRAM_VERSION,
      onTrouble: (failure) => log(`agentnet: ${failureLine(failure)}\n`),
      signal: ended.signal,
    });
    for (const off of quiet) off();
    output.check();
    return EXIT.done;
  },
});

function toolContext(context: CliContext, flags: Flags): ToolContext {
  const { clock } = context;
  return {
    clock,
    randomBytes: (count) => context.randomBytes(count),
    changesContacts: flags.contacts ?? false,
    daemon: async () => {
      const place = await daemonPlace(context, flags);
      return { api: apiAt(context, flags, place), token: place.token };
    },
  };
}
