import { ENV_NAMES } from "../permissions.ts";
import type { ClientOnly } from "./build_options.ts";
import type { Target } from "./targets.ts";

/** Name under which Deno keeps the program's own storage; fixed, so that a rename of the file changes nothing. */
export const APP_NAME = "agentnet";

/** Hosts that the local API can be reached at. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Only the relay's server reads these, through npm:ws. */
const RELAY_ENV = /^WS_/;

/** Permission flags of a compiled file (design: least rights at compile time, docs/architecture.md). */
export function permissionFlags(clientOnly?: ClientOnly): string[] {
  return [
    "--no-prompt",
    clientOnly === undefined
      ? "--allow-net"
      : `--allow-net=${clientHosts(clientOnly.relay).join(",")}`,
    "--allow-read",
    "--allow-write",
    `--allow-env=${envNames(clientOnly).join(",")}`,
    "--allow-sys=hostname",
    "--deny-run",
    "--deny-ffi",
    "--deny-import",
  ];
}

/** Everything after `deno compile`, but for the entry. */
export function compileFlags(
  options: {
    readonly target: Target;
    readonly output: string;
    readonly workers: readonly string[];
    readonly clientOnly?: ClientOnly;
  },
): string[] {
  return [
    "--quiet",
    "--frozen",
    "--unstable-worker-options",
    `--app-name=${APP_NAME}`,
    `--target=${options.target.triple}`,
    ...permissionFlags(options.clientOnly),
    ...options.workers.flatMap((worker) => ["--include", worker]),
    "--output",
    options.output,
  ];
}

/** The relay's host with its port, and loopback. */
export function clientHosts(relay: URL): string[] {
  return [
    `${relay.hostname}:${
      relay.port || (relay.protocol === "wss:" ? "443" : "80")
    }`,
    ...LOOPBACK,
  ];
}

function envNames(clientOnly: ClientOnly | undefined): readonly string[] {
  return clientOnly === undefined
    ? ENV_NAMES
    : ENV_NAMES.filter((name) => !RELAY_ENV.test(name));
}
