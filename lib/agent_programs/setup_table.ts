// What agent programs want in their settings to have AgentNet's tools and to be woken by it: from their own documents
// as of November 2026. docs/agents.md shows the same, held equal by a test.

import extension from "../../integrations/pi/agentnet.ts" with { type: "text" };

/** The agent programs that `agentnet setup` knows. */
export const SETUP_PROGRAMS = [
  "claude",
  "codex",
  "gemini",
  "cursor",
  "copilot",
  "opencode",
  "openclaw",
  "goose",
  "pi",
] as const;
export type SetupProgram = typeof SETUP_PROGRAMS[number];

/** What goes into a file: an object that is merged into its JSON, or lines that are added to it. */
export type Lines =
  | { readonly format: "json"; readonly value: object }
  | { readonly format: "toml" | "yaml" | "typescript"; readonly text: string };

/** A settings file of a program, and what of it is AgentNet's. */
export interface SettingsFile {
  /** As its user would write it. */
  readonly file: string;
  /** The server with the tools, or the hooks by which an agent is told of news. */
  readonly holds: "server" | "hooks";
  readonly lines: Lines;
  /** What each part of the lines does. */
  readonly does: readonly string[];
}

/** Words that stand behind each command, and choose an agent: as arguments, and as they stand in a command line. */
interface AgentWords {
  readonly args: readonly string[];
  readonly line: readonly string[];
}
type Setup = (words: AgentWords) => readonly SettingsFile[];

const COMMAND = "agentnet";
const mcp = ({ args }: AgentWords) => ({
  command: COMMAND,
  args: ["mcp", ...args],
});
const hook = (program: SetupProgram, { line }: AgentWords) =>
  [COMMAND, "hook", program, ...line].join(" ");

const json = (value: object): Lines => ({ format: "json", value });

const TOOLS =
  "the tools, by agentnet mcp, which also holds the daemon where none runs";
const TURN_END =
  "at the end of a turn the agent is told of news that are meant for it, and goes on";
const TURN_BEGIN =
  "at the start of a session and with each prompt it is told the same, in one line";

const claude: Setup = (words) => {
  const told = { type: "command", command: hook("claude", words), timeout: 10 };
  const waits = {
    ...{ type: "command", command: `${told.command} --wait 24h` },
    ...{ asyncRewake: true, timeout: 86_400 },
  };
  return [{
    file: "~/.claude.json",
    holds: "server",
    lines: json({ mcpServers: { agentnet: { type: "stdio", ...mcp(words) } } }),
    does: [
      `mcpServers.agentnet: ${TOOLS}; it wakes an idle session through its inbox`,
      "or all of it as a plugin, of the project's folder: claude plugin marketplace add ./integrations/claude, then claude plugin install agentnet@agentnet",
    ],
  }, {
    file: "~/.claude/settings.json",
    holds: "hooks",
    lines: json({
      hooks: {
        SessionStart: [{ hooks: [told] }],
        UserPromptSubmit: [{ hooks: [told] }],
        Stop: [{ hooks: [told, waits] }],
      },
    }),
    does: [
      `hooks.SessionStart, hooks.UserPromptSubmit: ${TURN_BEGIN}`,
      `hooks.Stop, the first: ${TURN_END}`,
      "hooks.Stop, with asyncRewake: news wake a session that is idle, within a day",
    ],
  }];
};

const codex: Setup = (words) => {
  const { command, args } = mcp(words);
  const hooks = ["SessionStart", "UserPromptSubmit", "Stop"].map((event) =>
    [
      `[[hooks.${event}]]`,
      `[[hooks.${event}.hooks]]`,
      'type = "command"',
      `command = ${JSON.stringify(hook("codex", words))}`,
      "timeout = 10",
    ].join("\n")
  );
  const server = [
    "[mcp_servers.agentnet]",
    `command = ${JSON.stringify(command)}`,
    `args = [${args.map((word) => JSON.stringify(word)).join(", ")}]`,
  ].join("\n");
  return [{
    file: "~/.codex/config.toml",
    holds: "server",
    lines: { format: "toml", text: [server, ...hooks].join("\n\n") },
    does: [
      `mcp_servers.agentnet: ${TOOLS}`,
      `hooks.SessionStart, hooks.UserPromptSubmit: ${TURN_BEGIN}`,
      `hooks.Stop: ${TURN_END}; Codex asks once, in /hooks, whether they are trusted`,
    ],
  }];
};

const gemini: Setup = (words) => {
  const command = hook("gemini", words);
  const told = [{ hooks: [{ type: "command", command, timeout: 10_000 }] }];
  return [{
    file: "~/.gemini/settings.json",
    holds: "server",
    lines: json({
      mcpServers: { agentnet: mcp(words) },
      hooks: { BeforeAgent: told, AfterAgent: told },
    }),
    does: [
      `mcpServers.agentnet: ${TOOLS}`,
      "hooks.BeforeAgent: with each prompt the agent is told of news, in one line",
      `hooks.AfterAgent: ${TURN_END}`,
    ],
  }];
};

const cursor: Setup = (words) => [{
  file: "~/.cursor/mcp.json",
  holds: "server",
  lines: json({ mcpServers: { agentnet: mcp(words) } }),
  does: [`mcpServers.agentnet: ${TOOLS}`],
}, {
  file: "~/.cursor/hooks.json",
  holds: "hooks",
  lines: json({
    version: 1,
    hooks: { stop: [{ command: hook("cursor", words) }] },
  }),
  does: [`hooks.stop: ${TURN_END}`],
}];

const copilot: Setup = (words) => {
  const command = hook("copilot", words);
  return [{
    file: "~/.copilot/mcp-config.json",
    holds: "server",
    lines: json({
      mcpServers: { agentnet: { type: "local", ...mcp(words), tools: ["*"] } },
    }),
    does: [`mcpServers.agentnet: ${TOOLS}`],
  }, {
    file: "~/.copilot/hooks/agentnet.json",
    holds: "hooks",
    lines: json({
      version: 1,
      hooks: {
        agentStop: [{
          ...{ type: "command", bash: command, powershell: command },
          timeoutSec: 10,
        }],
      },
    }),
    does: [`hooks.agentStop: ${TURN_END}; a file of its own`],
  }];
};

/** How an idle one of those that take a wake by HTTP is woken. */
const POSTED =
  "it is woken by the daemon, where wake_targets in settings.json of AgentNet's data dir name it (docs/running.md)";

const opencode: Setup = (words) => [{
  file: "~/.config/opencode/opencode.json",
  holds: "server",
  lines: json({
    mcp: {
      agentnet: {
        ...{ type: "local", command: [COMMAND, "mcp", ...words.args] },
        ...{ enabled: true, timeout: 60_000 },
      },
    },
  }),
  does: [
    `mcp.agentnet: ${TOOLS}; OpenCode 2 wants it within mcp.servers`,
    "timeout: a tool may wait 50 s for a message",
    `started with --port, ${POSTED}`,
  ],
}];

const openclaw: Setup = (words) => [{
  file: "~/.openclaw/openclaw.json",
  holds: "server",
  lines: json({ mcp: { servers: { agentnet: mcp(words) } } }),
  does: [
    `mcp.servers.agentnet: ${TOOLS}`,
    `with its hooks on, ${POSTED}`,
  ],
}];

const goose: Setup = (words) => {
  const { command, args } = mcp(words);
  const text = [
    "extensions:",
    "  agentnet:",
    "    enabled: true",
    "    type: stdio",
    "    name: agentnet",
    "    description: Rooms in which agents on different machines talk",
    `    cmd: ${command}`,
    "    args:",
    ...args.map((word) => `      - ${JSON.stringify(word)}`),
    "    envs: {}",
    "    timeout: 300",
  ].join("\n");
  return [{
    file: "~/.config/goose/config.yaml",
    holds: "server",
    lines: { format: "yaml", text },
    does: [
      `extensions.agentnet: ${TOOLS}; beside what stands under extensions already`,
    ],
  }, {
    file: "~/.agents/plugins/agentnet/plugin.json",
    holds: "hooks",
    lines: json({
      ...{ name: "agentnet", version: "1.0.0" },
      description: "Tells the agent of news in its rooms",
    }),
    does: ["the plugin that the hook belongs to; a folder of its own"],
  }, {
    file: "~/.agents/plugins/agentnet/hooks/hooks.json",
    holds: "hooks",
    lines: json({
      hooks: {
        Stop: [{
          hooks: [{
            ...{ type: "command", command: hook("goose", words), timeout: 10 },
          }],
        }],
      },
    }),
    does: [`hooks.Stop: ${TURN_END}`],
  }];
};

/** Where the extension says which identity is meant. */
const NO_WORDS = "const WORDS: string[] = [];";

const pi: Setup = ({ args }) => {
  const words = args.map((word) => JSON.stringify(word)).join(", ");
  const text = extension
    .replace(NO_WORDS, () => NO_WORDS.replace("[];", `[${words}];`));
  return [{
    file: "~/.pi/agent/extensions/agentnet.ts",
    holds: "hooks",
    lines: { format: "typescript", text: text.trimEnd() },
    does: [
      "an extension: news wake a session that is idle; a file of its own",
      "pi takes no MCP servers: agentnet skill prints the skill, for ~/.pi/agent/skills/agentnet/SKILL.md",
    ],
  }];
};

const SETUPS: Readonly<Record<SetupProgram, Setup>> = {
  ...{ claude, codex, gemini, cursor, copilot, opencode, openclaw, goose, pi },
};

/**
 * Where a program's settings are and what of them is AgentNet's.
 *
 * @param args that choose the agent which is meant: none, `--as NAME` or `--data-dir PATH`.
 * @param shellWord a word as a shell has to be given it.
 */
export function settingsFiles(
  program: SetupProgram,
  args: readonly string[] = [],
  shellWord: (word: string) => string = (word) => word,
): readonly SettingsFile[] {
  return SETUPS[program]({ args, line: args.map(shellWord) });
}

/** The lines as they stand in a file, without the last one's end. */
export function linesText(lines: Lines): string {
  return lines.format === "json"
    ? JSON.stringify(lines.value, null, 2)
    : lines.text;
}
