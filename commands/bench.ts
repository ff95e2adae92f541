import { parseRelayUrl } from "../lib/client/relay_url.ts";
import { parseRoom } from "../lib/conversation/room_name.ts";
import { type Trial, tryRelay } from "../lib/diagnosis/relay_trial.ts";
import type { Spread } from "../lib/diagnosis/spread.ts";
import { EXIT } from "../lib/errors.ts";
import { foreignText } from "../lib/guards/fence.ts";
import {
  parseProxy,
  proxyBefore,
  routeThrough,
} from "../lib/host/proxy_env.ts";
import { spanText } from "../lib/rendering/time_text.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { parseWait } from "./cli/duration.ts";
import { JSON_FLAG, readFlag, textFlag, word } from "./cli/flags.ts";
import { answer, note } from "./output/answer.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";
import { wholeNumber } from "./cli/whole_number.ts";
import { defined } from "../lib/defined.ts";

interface Flags {
  readonly json?: boolean;
  readonly agents?: number;
  readonly messages?: number;
  readonly room?: string;
  readonly wait?: number;
}

/** A relay with the usual limits lets a connection create after five minutes. */
const DEFAULT_WAIT_MS = 600_000;

export const command = cliCommand<Flags, [url: string]>({
  brief: "Measure a live relay within its limits",
  example: "agentnet bench relay wss://relay.example.org --agents 4",
  help:
    "Logs in with throwaway identities, lets one of them talk to the others in a room of its own, which a relay may keep for a while afterwards, and shows the " +
    "median, the 95th percentile and the longest of each time. A relay wants connections to be some minutes old: " +
    "that is waited out. No daemon is needed.",
  parameters: {
    flags: {
      ...JSON_FLAG,
      agents: readFlag(wholeNumber(2, 20), "n", "Agents in the room (4)"),
      messages: readFlag(wholeNumber(1, 50), "n", "Messages to send (30)"),
      room: textFlag("room", "A room that is there, instead of a new one"),
      wait: readFlag(parseWait, "10m", "Wait so long until it allows it (10m)"),
    },
    positional: {
      kind: "tuple",
      parameters: [word("url", "The relay, ws:// or wss://")],
    },
  },
  async run(context, flags, url) {
    const ended = new AbortController();
    const quiet = (["SIGINT", "SIGTERM"] as const)
      .map((signal) => context.onSignal(signal, () => ended.abort()));
    const relay = parseRelayUrl(url);
    const proxy = context.env("AGENTNET_PROXY") || undefined;
    routeThrough(
      context.environment,
      proxy === undefined ? undefined : parseProxy(proxy),
    );
    const trial = await tryRelay({
      relay,
      proxy: proxyBefore(context.environment, relay.hostname),
      clock: context.clock,
      randomBytes: (count) => context.randomBytes(count),
      version: PROGRAM_VERSION,
      agents: flags.agents ?? 4,
      messages: flags.messages ?? 30,
      ...defined({
        room: flags.room === undefined ? undefined : parseRoom(flags.room),
      }),
      waitMs: flags.wait ?? DEFAULT_WAIT_MS,
      onWait: ({ message }, pause) =>
        note(context, `waiting ${spanText(pause)}: ${message}`),
      signal: ended.signal,
    });
    for (const off of quiet) off();
    answer(context, flags, { json: trial, text: () => trialText(trial) });
    return EXIT.done;
  },
});

function trialText(trial: Trial): string {
  const { relay, features, agents, missing } = trial;
  const rows: [string, Spread | null][] = [
    ["login, proof of work included", trial.login_ms],
    ["ping", trial.ping_ms],
    ["send to receipt", trial.receipt_ms],
    ["send to one member", trial.delivery_ms],
    [
      agents === 2 ? "send to the other" : `send to all ${agents - 1} others`,
      trial.fan_out_ms,
    ],
  ];
  const extensions = features.length === 0 ? "none" : features.join(", ");
  return [
    `${foreignText(relay)}, ${agents} agents, extensions in use: ${extensions}`,
    ...rows.map(([name, times]) => `${name.padEnd(30)}  ${timesText(times)}`),
    `deliveries missing              ${missing}`,
  ].join("\n");
}

function timesText(times: Spread | null): string {
  if (times === null) return "none";
  const { count, median, p95, max } = times;
  return `median ${median} ms, 95% ${p95} ms, longest ${max} ms (${count})`;
}
