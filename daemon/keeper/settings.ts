import {
  RECEIPT_POLICIES,
  type ReceiptPolicy,
} from "../../lib/local_api/receipt_policy.ts";
import {
  WAKE_DEFAULT,
  type WakePolicies,
} from "../../lib/local_api/wake_policy.ts";
import { Failure } from "../../lib/errors.ts";
import {
  type ApiAddress,
  DEFAULT_API,
  parseApiAddress,
} from "../../lib/local_api/address.ts";
import { absolutePath } from "../../lib/host/paths.ts";
import type { AgentSettings } from "../../lib/agent_settings/settings_text.ts";
import type { WakeTarget } from "../../lib/agent_settings/wake_target.ts";
import {
  chosenDataDir,
  type DataDirInput,
} from "../../lib/local_api/data_dir_choice.ts";
import {
  type LogSettings,
  oneOf,
  readLogSettings,
  wrongSetting,
} from "../../lib/host/settings_readers.ts";
import { parseProxy } from "../../lib/host/proxy_env.ts";
import { WIRE } from "../../lib/protocol/limits.ts";
import { cutToBytes } from "../../lib/protocol/names.ts";
import { findRefused } from "../../lib/text_rules/characters.ts";
import { parseRelayList, type RelayList } from "../../lib/client/relay_list.ts";
import { DEFAULT_RELAY } from "../../lib/client/default_relay.ts";
import { defined } from "../../lib/defined.ts";

/** The flags of `agentnet daemon`; an absent one is taken from the environment, or has its default. */
export interface DaemonFlags {
  readonly relay?: string | undefined;
  readonly name?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly api?: string | undefined;
  /** http:// or https:// address of a proxy for the way to the relay. */
  readonly proxy?: string | undefined;
  /** Messages that the mailbox keeps. */
  readonly buffer?: number | undefined;
  /** How long a send waits for a connection before it is given up, in milliseconds. */
  readonly queueForMs?: number | undefined;
  readonly brakes?: "on" | "off" | undefined;
  readonly receipts?: ReceiptPolicy | undefined;
  readonly takeOver?: boolean | undefined;
  readonly logFormat?: string | undefined;
  readonly logLevel?: string | undefined;
}

/** What a daemon runs with. */
export interface DaemonSettings extends LogSettings {
  readonly relay: RelayList;
  readonly name: string;
  /** Whether a flag or a variable named it, so that another one that runs is not meant. */
  readonly isNameGiven: boolean;
  /** Absolute. */
  readonly dataDir: string;
  readonly api: ApiAddress;
  /** Whether nobody chose the address: where its port is taken, the next free one does as well. */
  readonly isAnyPort: boolean;
  readonly proxy?: string;
  readonly buffer: number;
  readonly queueForMs: number;
  readonly brakes: boolean;
  readonly receipts: ReceiptPolicy;
  /** Whose messages wake this agent's model. */
  readonly wake: WakePolicies;
  /** Agent programs on this host that are posted wakes. */
  readonly wakeTargets: readonly WakeTarget[];
  /** Whether a daemon that an agent program's MCP server holds is to make room for this one. */
  readonly takeOver: boolean;
}

/** Where settings that no flag gives come from. */
export interface SettingsSource {
  readonly env: (name: string) => string | undefined;
  /** This host's name, the default for the agent's. */
  readonly hostname: () => string;
  /** The relay that alone may be reached, also the default; the file's own without it. */
  readonly madeFor?: string | undefined;
  /** What the data dir remembers, where neither flag nor variable says it. */
  readonly remembered?: AgentSettings | undefined;
}

const DEFAULTS = { buffer: 1_000, queueForMs: 600_000 } as const;
/** Beyond this the mailbox's bound of 32 MB decides anyway. */
const MOST_BUFFER = 1_000_000;

/** The folder that these flags and this environment choose, absolute. @throws {Failure} USAGE */
export function daemonDataDir(
  { dataDir }: Pick<DaemonFlags, "dataDir">,
  env: DataDirInput["env"],
): string {
  return absolutePath(chosenDataDir({ env, ...defined({ dataDir }) }).path);
}

/**
 * Reads flags and environment; a flag wins, an empty variable counts as unset, and what the data dir remembers comes
 * last.
 *
 * @throws {Failure} RELAY_URL_MISSING, RELAY_URL_INVALID, API_NOT_LOOPBACK or USAGE.
 */
export function parseDaemonSettings(
  flags: DaemonFlags,
  source: SettingsSource,
): DaemonSettings {
  const { env, hostname, madeFor = DEFAULT_RELAY, remembered = {} } = source;
  const proxy = flags.proxy ?? (env("AGENTNET_PROXY") || undefined);
  const name = flags.name ?? (env("AGENTNET_NAME") || undefined);
  const api = flags.api ?? (env("AGENTNET_API") || undefined);
  const { as } = chosenDataDir({ env, ...defined({ dataDir: flags.dataDir }) });
  return {
    relay: parseRelay(
      flags.relay ?? (env("AGENTNET_RELAY") || remembered.relay),
      madeFor,
    ),
    name: parseName(name ?? remembered.name ?? as, hostname),
    isNameGiven: name !== undefined,
    api: parseApi(api ?? DEFAULT_API),
    isAnyPort: api === undefined,
    dataDir: daemonDataDir(flags, env),
    ...defined({ proxy: proxy === undefined ? undefined : parseProxy(proxy) }),
    buffer: whole("buffer", flags.buffer ?? DEFAULTS.buffer, MOST_BUFFER),
    queueForMs: flags.queueForMs ?? DEFAULTS.queueForMs,
    brakes: oneOf(
      "brakes",
      flags.brakes ?? (env("AGENTNET_BRAKES") || "on"),
      ["on", "off"],
    ) === "on",
    receipts: oneOf(
      "receipts",
      flags.receipts ?? (env("AGENTNET_RECEIPTS") || "shown"),
      RECEIPT_POLICIES,
    ),
    wake: {
      all: remembered.wake ?? WAKE_DEFAULT.all,
      rooms: remembered.wake_rooms ?? WAKE_DEFAULT.rooms,
    },
    wakeTargets: remembered.wake_targets ?? [],
    takeOver: flags.takeOver ?? false,
    ...readLogSettings(flags),
  };
}

function parseRelay(
  given: string | undefined,
  madeFor: string | undefined,
): RelayList {
  const text = given ?? madeFor;
  if (text === undefined) throw new Failure("RELAY_URL_MISSING");
  const relay = parseRelayList(text);
  if (madeFor === undefined) return relay;
  const own = parseRelayList(madeFor).all.map(({ hostPort }) => hostPort);
  const other = relay.all.find(({ hostPort }) => !own.includes(hostPort));
  if (other === undefined) return relay;
  throw wrongSetting(
    `this file is made for ${own.join(", ")} alone, not ${other.hostPort}`,
    "leave --relay and AGENTNET_RELAY out (settings.json may name it too), or use the general agentnet file",
  );
}

function parseApi(text: string): ApiAddress {
  const address = parseApiAddress(text);
  if (address !== null) return address;
  throw new Failure("API_NOT_LOOPBACK", { fields: { address: text } });
}

/**
 * The name as it is shown to others (protocol.md section 3): at most 64 bytes, cut at a code point.
 *
 * @throws {Failure} USAGE for one that holds what is not shown.
 */
export function parseName(
  given: string | undefined,
  hostname: () => string,
): string {
  const name = cutToBytes(
    (given ?? hostname()).trim() || "agent",
    WIRE.displayName,
  ).trim();
  const refused = findRefused(name);
  if (refused === null) return name;
  throw wrongSetting(
    `the agent's name holds ${refused}`,
    "set AGENTNET_NAME or pass --name without it",
  );
}

function whole(flag: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw wrongSetting(
    `--${flag} can't be ${value}`,
    `use a whole number from 1 to ${most}`,
  );
}
