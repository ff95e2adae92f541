// The permissions of the program, whether it runs from source
// (scripts/agentnet) or compiled. A test holds the launcher to this list.

/** Every environment variable that the program, or a library in it, may read. */
export const ENV_NAMES = [
  "AGENTNET_RELAY",
  "AGENTNET_NAME",
  "AGENTNET_DATA_DIR",
  "AGENTNET_API",
  "AGENTNET_TOKEN",
  "AGENTNET_PROXY",
  "AGENTNET_BRAKES",
  "AGENTNET_RECEIPTS",
  "AGENTNET_AS",
  "AGENTNET_HOME",
  "AGENTNET_START",
  "AGENTNET_INSTALL",
  // The flags of a relay, by their names (relay/keeper/environment.ts).
  "AGENTNET_RELAY_LISTEN",
  "AGENTNET_RELAY_DATA",
  "AGENTNET_RELAY_HISTORY",
  "AGENTNET_RELAY_JOIN_AGE",
  "AGENTNET_RELAY_CREATE_AGE",
  "AGENTNET_RELAY_DIRECT",
  "AGENTNET_RELAY_BLOBS",
  "AGENTNET_RELAY_BLOB_SIZE",
  "AGENTNET_RELAY_BLOB_KEEP",
  "AGENTNET_RELAY_BLOB_AGENT",
  "AGENTNET_RELAY_BLOB_ROOM",
  "AGENTNET_RELAY_BLOB_TOTAL",
  "AGENTNET_RELAY_LIMITS",
  "AGENTNET_RELAY_ALLOW",
  "AGENTNET_RELAY_DENY",
  "AGENTNET_RELAY_TRUST_PROXY",
  "AGENTNET_RELAY_RETAIN",
  "AGENTNET_RELAY_RETAIN_ROWS",
  "AGENTNET_RELAY_ROOM_IDLE",
  "AGENTNET_RELAY_ROOM_EMPTY",
  "AGENTNET_RELAY_ROOM_GRACE",
  "AGENTNET_RELAY_PUBLIC_URL",
  "AGENTNET_RELAY_REQUIRE_ORIGIN",
  "AGENTNET_RELAY_OPEN",
  "AGENTNET_RELAY_METRICS",
  "AGENTNET_RELAY_PAGE",
  "AGENTNET_RELAY_CLUSTER",
  "AGENTNET_RELAY_NODE",
  "AGENTNET_RELAY_CLUSTER_CREDS",
  "AGENTNET_RELAY_CLUSTER_CA",
  "AGENTNET_RELAY_CLUSTER_MONITOR",
  "AGENTNET_RELAY_CLUSTER_UNSAFE",
  "AGENTNET_RELAY_LOG_FORMAT",
  "AGENTNET_RELAY_LOG_LEVEL",
  "AGENTNET_RELAY_OPEN_FILES",
  "AGENTNET_ARGUMENTS",
  // Where the inbox of the session is that started `agentnet mcp`, and what it asks for.
  "CLAUDE_CODE_MESSAGING_SOCKET",
  "CLAUDE_CODE_MESSAGING_TOKEN",
  "CLAUDE_CODE_SESSION_ID",
  "HOME",
  "USERPROFILE",
  "NO_COLOR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  // npm:ws reads these two when it is loaded.
  "WS_NO_BUFFER_UTIL",
  "WS_NO_UTF_8_VALIDATE",
] as const;

/**
 * Flags of `deno run` and `deno compile`. Read, write and net are open here,
 * because only at run time is it known which folder and relay are meant: the
 * daemon and the relay narrow themselves (docs/architecture.md). `=/` opens as
 * much as no list would, but a list can be narrowed later; `scripts/rights.sh`
 * narrows the network to what a command needs.
 */
export const PERMISSION_FLAGS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-read=/",
  "--allow-write=/",
  `--allow-env=${ENV_NAMES.join(",")}`,
  "--allow-sys=hostname",
  "--deny-run",
  "--deny-ffi",
  "--deny-import",
];
