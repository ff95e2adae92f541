import { Failure } from "../../lib/errors.ts";
import type { RelayFlags } from "./relay_settings.ts";

/** The variable that stands for each flag; a flag that is typed wins. An empty variable is none. */
export const RELAY_VARIABLES = {
  listen: "AGENTNET_RELAY_LISTEN",
  data: "AGENTNET_RELAY_DATA",
  history: "AGENTNET_RELAY_HISTORY",
  joinAge: "AGENTNET_RELAY_JOIN_AGE",
  createAge: "AGENTNET_RELAY_CREATE_AGE",
  limits: "AGENTNET_RELAY_LIMITS",
  allow: "AGENTNET_RELAY_ALLOW",
  deny: "AGENTNET_RELAY_DENY",
  trustProxy: "AGENTNET_RELAY_TRUST_PROXY",
  retain: "AGENTNET_RELAY_RETAIN",
  retainRows: "AGENTNET_RELAY_RETAIN_ROWS",
  roomIdle: "AGENTNET_RELAY_ROOM_IDLE",
  roomEmpty: "AGENTNET_RELAY_ROOM_EMPTY",
  roomGrace: "AGENTNET_RELAY_ROOM_GRACE",
  publicUrl: "AGENTNET_RELAY_PUBLIC_URL",
  direct: "AGENTNET_RELAY_DIRECT",
  blobs: "AGENTNET_RELAY_BLOBS",
  blobSize: "AGENTNET_RELAY_BLOB_SIZE",
  blobKeep: "AGENTNET_RELAY_BLOB_KEEP",
  blobAgent: "AGENTNET_RELAY_BLOB_AGENT",
  blobRoom: "AGENTNET_RELAY_BLOB_ROOM",
  blobTotal: "AGENTNET_RELAY_BLOB_TOTAL",
  requireOrigin: "AGENTNET_RELAY_REQUIRE_ORIGIN",
  open: "AGENTNET_RELAY_OPEN",
  metrics: "AGENTNET_RELAY_METRICS",
  cluster: "AGENTNET_RELAY_CLUSTER",
  node: "AGENTNET_RELAY_NODE",
  clusterCreds: "AGENTNET_RELAY_CLUSTER_CREDS",
  clusterCa: "AGENTNET_RELAY_CLUSTER_CA",
  clusterMonitor: "AGENTNET_RELAY_CLUSTER_MONITOR",
  clusterUnsafe: "AGENTNET_RELAY_CLUSTER_UNSAFE",
  page: "AGENTNET_RELAY_PAGE",
  logFormat: "AGENTNET_RELAY_LOG_FORMAT",
  logLevel: "AGENTNET_RELAY_LOG_LEVEL",
} as const satisfies Readonly<Record<keyof RelayFlags, string>>;

/** Flags that are there or not. */
const SWITCHES: ReadonlySet<string> = new Set<keyof RelayFlags>([
  "requireOrigin",
  "open",
  "clusterUnsafe",
]);

type Env = (name: string) => string | undefined;

/**
 * Flags, and for those that were not typed the environment.
 *
 * @throws Failure USAGE for a switch that is neither on nor off.
 */
export function withEnvironment(flags: RelayFlags, env: Env): RelayFlags {
  const set: Record<string, string | boolean> = {};
  for (const [flag, variable] of Object.entries(RELAY_VARIABLES)) {
    const value = env(variable);
    if (value === undefined || value === "") continue;
    set[flag] = SWITCHES.has(flag) ? onOrOff(variable, value) : value;
  }
  const typed = Object.entries(flags).filter(([, value]) =>
    value !== undefined
  );
  return { ...set, ...Object.fromEntries(typed) };
}

/** Names the variable in a fault of a flag that nobody typed. */
export function namingVariable(
  failure: Failure,
  flags: RelayFlags,
): Failure {
  const [, typed = ""] = /^--([a-z-]+)/.exec(failure.message) ?? [];
  const flag = typed.replace(
    /-([a-z])/g,
    (_, letter: string) => letter.toUpperCase(),
  ) as keyof RelayFlags;
  const variable = RELAY_VARIABLES[flag];
  if (variable === undefined || flags[flag] !== undefined) return failure;
  const reason = failure.message.replace(`--${typed}`, variable);
  return new Failure(failure.code, { fields: { reason, fix: failure.fix } });
}

function onOrOff(variable: string, value: string): boolean {
  if (/^(1|true|on|yes)$/i.test(value)) return true;
  if (/^(0|false|off|no)$/i.test(value)) return false;
  throw new Failure("USAGE", {
    fields: {
      reason: `${variable} can't be '${value}'`,
      fix: "set it to 1 or 0",
    },
  });
}
