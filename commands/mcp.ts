import process from "node:process";
import { EXIT } from "../lib/errors.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { serveMcp } from "../mcp/serve.ts";
import { StdioTransport } from "../mcp/stdio_transport.ts";
import type { ToolContext } from "../mcp/tool_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { apiAt, daemonPlace } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags } from "./cli/flags.ts";
import { logLines } from "./output/log_lines.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";

export const command = cliCommand<CommonFlags>({
  brief: "Serve an agent program as an MCP server on standard input and output",
  example: "agentnet mcp --data-dir ~/.agentnet",
  help:
    "Serves the commands as tools of the Model Context Protocol until standard input ends. The daemon has to run; " +
    "one that is started later is found. README shows the configuration.",
  parameters: { flags: COMMON_FLAGS },
  async run(context, flags) {
    /** What standard output could not be written for. */
    let closed: unknown;
    const ended = new AbortController();
    const end = () => ended.abort();
    for (const event of ["end", "close"]) process.stdin.on(event, end);
    const quiet = (["SIGINT", "SIGTERM"] as const)
      .map((signal) => context.onSignal(signal, end));
    const log = logLines(context);
    await serveMcp(toolContext(context, flags), {
      transport: new StdioTransport(process.stdin, (text) => {
        try {
          context.stdout.write(text);
        } catch (error) {
          closed ??= error;
          end();
          throw error;
        }
      }),
      version: PROGRAM_VERSION,
      onTrouble: (failure) => {
        if (closed === undefined) log(`agentnet: ${failureLine(failure)}\n`);
      },
      signal: ended.signal,
    });
    for (const off of quiet) off();
    if (closed !== undefined) throw closed;
    return EXIT.done;
  },
});

function toolContext(context: CliContext, flags: CommonFlags): ToolContext {
  const { clock } = context;
  return {
    clock,
    randomBytes: (count) => context.randomBytes(count),
    daemon: async () => {
      const place = await daemonPlace(context, flags);
      return { api: apiAt(context, flags, place), token: place.token };
    },
  };
}
