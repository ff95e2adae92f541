import { AdminApi } from "../lib/admin_api/client.ts";
import {
  ADMIN_ACTS,
  type AdminActs,
  type OperatorAct,
} from "../lib/admin_api/types.ts";
import { EXIT, type ExitCode, Failure } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { relayDataDir } from "./cli/relay_data_dir.ts";
import { JSON_FLAG, textFlag, word } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { answerLines } from "./output/bounded.ts";
import { MAX_BYTES_FLAG } from "./cli/max_bytes.ts";
import { relayListing, relayStats } from "./output/relay_admin_text.ts";

interface Flags {
  readonly json?: boolean;
  readonly data?: string;
  readonly maxBytes?: number;
}

export const command = cliCommand<Flags, [string, string?]>({
  brief: "Look into a running relay of this host, and act on it",
  example: "agentnet relay admin ban AGENT-ID --data /var/lib/agentnet-relay",
  help:
    "list shows who is here and which rooms are open; kick ends an agent's connection, ban refuses it from now on " +
    "(also after a restart) until unban; close ends a room with its history; stats shows figures.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      ...MAX_BYTES_FLAG,
      data: textFlag(
        "dir",
        "The running relay's folder (AGENTNET_RELAY_DATA, or ~/.agentnet/relay)",
      ),
    },
    positional: {
      kind: "tuple",
      parameters: [
        word("act", ADMIN_ACTS.join(", ")),
        {
          ...word("target", "An agent's id, or a room's name"),
          optional: true,
        },
      ],
    },
  },
  async run(context, flags, act, target) {
    const api = new AdminApi({
      dataDir: relayDataDir(context, flags.data),
      fetch: context.fetch,
      readTextFile: (path) => context.readTextFile(path),
    });
    return await runAct({ context, flags, api }, actOf(act), target);
  },
});

interface Act {
  readonly context: CliContext;
  readonly flags: Flags;
  readonly api: AdminApi;
}

async function runAct(
  { context, flags, api }: Act,
  act: OperatorAct,
  target: string | undefined,
): Promise<ExitCode> {
  if (act === "list") {
    const json = await api.act(act, {});
    answerLines(context, flags, {
      ...{ json, lines: relayListing(json) },
      all: "agentnet relay admin list --max-bytes 0",
    });
  } else if (act === "stats") {
    const json = await api.act(act, {});
    answer(context, flags, { json, text: () => relayStats(json) });
  } else if (act === "close") {
    const json = await api.act(act, { room: named(act, target, "room") });
    const line = `${json.room}: ${CAME_OF[act][json.changed ? 1 : 0]}`;
    answer(context, flags, { json, text: () => line });
  } else {
    const json = await api.act(act, { agent: named(act, target, "agent") });
    const line = `${json.agent}: ${CAME_OF[act][json.changed ? 1 : 0]}`;
    answer(context, flags, { json, text: () => line });
  }
  return EXIT.done;
}

/** What is said of an act that changed nothing, and of one that did. */
const CAME_OF = {
  kick: ["is not here", "its connection was ended"],
  ban: ["was banned already", "banned"],
  unban: ["is not banned", "admitted again"],
  close: ["there is no such room", "ended, with its history"],
} as const satisfies Partial<Record<keyof AdminActs, readonly string[]>>;

function actOf(text: string): OperatorAct {
  const act = ADMIN_ACTS.find((one) => one === text);
  if (act !== undefined) return act;
  throw wrongUse(
    `'${text}' is no act`,
    `use ${ADMIN_ACTS.slice(0, -1).join(", ")} or ${ADMIN_ACTS.at(-1)}`,
  );
}

function named(act: string, target: string | undefined, what: string): string {
  if (target !== undefined) return target;
  throw wrongUse(
    `no ${what} is named`,
    `write: agentnet relay admin ${act} ${what.toUpperCase()}`,
  );
}

function wrongUse(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
