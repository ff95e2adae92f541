import { DEFAULT_RELAY } from "../lib/client/default_relay.ts";
import { parseRelayUrl } from "../lib/client/relay_url.ts";
import { fileFindings } from "../lib/diagnosis/files.ts";
import { fault, type Finding, ok } from "../lib/diagnosis/finding.ts";
import { relayFindings, routeFindings } from "../lib/diagnosis/reach.ts";
import { sandboxFindings } from "../lib/diagnosis/sandbox_probe.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import { DEFAULT_API } from "../lib/local_api/address.ts";
import { dataDirOf } from "../lib/local_api/locate.ts";
import type { Status } from "../lib/local_api/types.ts";
import { foreignText } from "../lib/guards/fence.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { daemonApi } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, textFlag } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends CommonFlags {
  readonly relay?: string;
}

export const command = cliCommand<Flags>({
  brief:
    "Look for what keeps this agent from the network, and say how to mend it",
  example: "agentnet doctor --relay wss://relay.example.org/v1/ws",
  help:
    "Looks at files, daemon, the way to the relay, clock, proxies and the sandbox. Each line is ok, a warning or " +
    "a fault with its cure; a fault makes the exit code 1.",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      relay: textFlag(
        "url",
        "The relay, ws:// or wss:// (AGENTNET_RELAY, or the running daemon's)",
      ),
    },
  },
  async run(context, flags) {
    const findings = await examine(context, flags);
    answer(context, flags, {
      json: { findings },
      text: () => findings.map(line).join("\n"),
    });
    return findings.some(({ level }) => level === "fault")
      ? EXIT.unexpected
      : EXIT.done;
  },
});

function line({ name, level, detail, fix }: Finding): string {
  const mark = level === "ok"
    ? "ok     "
    : level === "warning"
    ? "warning"
    : "FAULT  ";
  return foreignText(
    `${mark} ${name}: ${detail}${fix === undefined ? "" : ` -> ${fix}`}`,
  );
}

async function examine(context: CliContext, flags: Flags): Promise<Finding[]> {
  const dataDir = dataDirOf({
    env: (name) => context.env(name),
    ...defined({ dataDir: flags.dataDir }),
  });
  const { status, finding } = await askDaemon(context, flags);
  const address = flags.relay ??
    (context.env("AGENTNET_RELAY") || status?.relay || DEFAULT_RELAY);
  return [
    ok(
      "version",
      `agentnet ${PROGRAM_VERSION}, Deno ${Deno.version.deno}, ${Deno.build.target}`,
    ),
    ...await fileFindings(dataDir, {
      look: (path) => Deno.lstat(path),
      readText: (path) => Deno.readTextFile(path),
    }),
    finding,
    ...await examineRelay(context, {
      address,
      dataDir,
      api: hostPortOf(status),
    }),
  ];
}

/** Status names the API by its URL. */
function hostPortOf(status: Status | null): string {
  return status === null ? DEFAULT_API : new URL(status.api).host;
}

async function askDaemon(
  context: CliContext,
  flags: Flags,
): Promise<{ readonly status: Status | null; readonly finding: Finding }> {
  try {
    const status = await (await daemonApi(context, flags)).status();
    const detail =
      `pid ${status.pid} at ${status.api}: ${status.state}, ${status.reason}`;
    const finding = status.connected ? ok("daemon", detail) : fault(
      "daemon",
      detail,
      "see what is said of the relay below; it keeps trying by itself",
    );
    return { status, finding };
  } catch (error) {
    const { code, message, fix } = Failure.from(error);
    const finding = code === "NO_DAEMON"
      ? ok("daemon", `none runs; ${fix}`)
      : fault("daemon", message, fix);
    return { status: null, finding };
  }
}

async function examineRelay(
  context: CliContext,
  { address, dataDir, api }: {
    readonly address: string | undefined;
    readonly dataDir: string;
    readonly api: string;
  },
): Promise<Finding[]> {
  if (address === undefined) {
    return [
      fault(
        "relay",
        "none is named",
        "set AGENTNET_RELAY or pass --relay wss://…",
      ),
    ];
  }
  const relay = parseRelayUrl(address);
  return [
    ...routeFindings(relay, (name) => context.env(name)),
    ...await relayFindings({
      relay,
      clock: context.clock,
      randomBytes: (count) => context.randomBytes(count),
      version: PROGRAM_VERSION,
    }),
    ...await sandboxFindings({
      permissions: {
        net: [relay.hostPort, api],
        read: [`${dataDir}/state`],
        write: [`${dataDir}/state`],
        env: false,
      },
      forbiddenFile: `${dataDir}/agent.key`,
      clock: context.clock,
    }),
  ];
}
