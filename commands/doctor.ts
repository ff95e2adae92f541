import { daemonFinding } from "../lib/diagnosis/daemon_finding.ts";
import { readSettings } from "../lib/agent_settings/settings_file.ts";
import { diskFiles } from "../lib/host/private_files.ts";
import { DEFAULT_RELAY } from "../lib/client/default_relay.ts";
import { upgradeProbe } from "../lib/client/dial_probe.ts";
import { parseRelayList } from "../lib/client/relay_list.ts";
import type { RelayUrl } from "../lib/client/relay_url.ts";
import { fileFindings } from "../lib/diagnosis/files.ts";
import { fault, type Finding, ok } from "../lib/diagnosis/finding.ts";
import type { ProxyOnWay } from "../lib/diagnosis/proxy_on_way.ts";
import { relayFindings } from "../lib/diagnosis/reach.ts";
import { routeFindings } from "../lib/diagnosis/route.ts";
import { sandboxFindings } from "../lib/diagnosis/sandbox_probe.ts";
import { EXIT, Failure } from "../lib/errors.ts";
import {
  parseProxy,
  PROXY_VARIABLES,
  proxyBefore,
  routeThrough,
} from "../lib/host/proxy_env.ts";
import { http1Head } from "../lib/http1_head.ts";
import { DEFAULT_API } from "../lib/local_api/address.ts";
import { checkLoopback } from "../lib/local_api/loopback.ts";
import { dataDirOf } from "../lib/local_api/data_dir_choice.ts";
import type { Status } from "../lib/local_api/types/status.ts";
import { foreignText } from "../lib/guards/fence.ts";
import { cliCommand } from "./cli/cli_command.ts";
import type { CliContext } from "./cli/cli_context.ts";
import { apiNow } from "./daemon_access/daemon_api.ts";
import { COMMON_FLAGS, type CommonFlags, textFlag } from "./cli/flags.ts";
import { answer } from "./output/answer.ts";
import { PROGRAM_VERSION } from "./cli/program_version.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends CommonFlags {
  readonly relay?: string;
  readonly proxy?: string;
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
      proxy: textFlag(
        "url",
        "A proxy for the way to the relay (AGENTNET_PROXY)",
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

/** What the data dir remembers; settings that can't be read are the daemon's to name. */
async function rememberedRelay(dataDir: string): Promise<string | undefined> {
  try {
    return (await readSettings(diskFiles, dataDir)).settings.relay;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function examine(context: CliContext, flags: Flags): Promise<Finding[]> {
  const dataDir = dataDirOf({
    env: (name) => context.env(name),
    ...defined({ dataDir: flags.dataDir }),
  });
  const { status, finding } = await askDaemon(context, flags);
  const address = flags.relay ??
    (context.env("AGENTNET_RELAY") || status?.relay ||
      await rememberedRelay(dataDir) || DEFAULT_RELAY);
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
      ...{ address, dataDir },
      proxy: flags.proxy ?? (context.env("AGENTNET_PROXY") || undefined),
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
    const status = await (await apiNow(context, flags)).status();
    return { status, finding: daemonFinding(status) };
  } catch (error) {
    const { code, message, fix } = Failure.from(error);
    const finding = code === "NO_DAEMON"
      ? await noneRuns(fix)
      : fault("daemon", message, fix);
    return { status: null, finding };
  }
}

/** None need run; but where one could not be asked, none is to be started either. */
async function noneRuns(fix: string): Promise<Finding> {
  try {
    await checkLoopback();
    return ok("daemon", `none runs; ${fix}`);
  } catch (error) {
    const { message, fix } = Failure.from(error);
    return fault("daemon", message, fix);
  }
}

async function examineRelay(
  context: CliContext,
  { address, proxy, dataDir, api }: {
    readonly address: string | undefined;
    readonly proxy: string | undefined;
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
  const { all } = parseRelayList(address);
  const ways: Finding[] = [];
  for (const relay of all) {
    ways.push(...await wayFindings(context, relay, proxy));
  }
  return [
    ...ways,
    ...await sandboxFindings({
      permissions: {
        net: [...all.map(({ hostPort }) => hostPort), api],
        read: [`${dataDir}/state`],
        write: [`${dataDir}/state`],
        env: false,
      },
      forbiddenFile: `${dataDir}/agent.key`,
      clock: context.clock,
    }),
  ];
}

/** The way to the relay, by the route that a daemon would take; a proxy that it would refuse ends it. */
async function wayFindings(
  context: CliContext,
  relay: RelayUrl,
  named: string | undefined,
): Promise<Finding[]> {
  const unused = PROXY_VARIABLES.filter((name) =>
    (context.env(name) ?? context.env(name.toLowerCase())) !== undefined
  );
  let proxy: ProxyOnWay | undefined;
  try {
    proxy = takeRoute(context, relay, named);
  } catch (error) {
    const { message, fix } = Failure.from(error);
    return [fault("proxy", `${message}: the daemon would not start`, fix)];
  }
  return [
    ...routeFindings({
      ...{ relay, proxy, unused },
      isProxyNamed: named !== undefined,
    }),
    ...await relayFindings({
      ...{ relay, proxy },
      probe: upgradeProbe(http1Head()),
      clock: context.clock,
      randomBytes: (count) => context.randomBytes(count),
      version: PROGRAM_VERSION,
    }),
  ];
}

/** Has this process dial as a daemon would. @throws Failure USAGE for a proxy that can't be read */
function takeRoute(
  { environment }: CliContext,
  relay: RelayUrl,
  named: string | undefined,
): ProxyOnWay | undefined {
  const url = named === undefined ? undefined : parseProxy(named);
  routeThrough(environment, url);
  const shown = proxyBefore(environment, relay.hostname);
  return url === undefined || shown === undefined ? undefined : { url, shown };
}
