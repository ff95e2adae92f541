import process from "node:process";
// @ts-types="@modelcontextprotocol/sdk/server/stdio"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { EXIT } from "../lib/errors.ts";
import { failureLine } from "../lib/rendering/failure_text.ts";
import { serveMcp } from "../mcp/serve.ts";
import type { ToolContext } from "../mcp/tool_context.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { apiAt, daemonPlace } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, switchFlag } from "./cli/flags.ts";
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
    for (const event of ["end", "close"]) process.stdin.on(event, end);
    const quiet = (["SIGINT", "SIGTERM"] as const)
      .map((signal) => context.onSignal(signal, end));
    const log = logLines(context);
    await serveMcp(toolContext(context, flags), {
      transport: new StdioServerTransport(process.stdin, process.stdout),
      version: PROGRAM_VERSION,
      onTrouble: (failure) => log(`agentnet: ${failureLine(failure)}\n`),
      signal: ended.signal,
    });
    for (const off of quiet) off();
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
