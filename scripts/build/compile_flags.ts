import denoJson from "../../deno.json" with { type: "json" };
import { ENV_NAMES } from "../permissions.ts";
import { engineFlags } from "../v8_flags.ts";
import type { ClientOnly } from "./build_options.ts";
import type { Target } from "./targets.ts";

/** Name under which Deno keeps the program's own storage; fixed, so that a rename of the file changes nothing. */
const APP_NAME = "agentnet";

/** Hosts that the local API can be reached at. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Only the relay's server reads these, through npm:ws. */
const RELAY_ENV = /^WS_/;

/** What decides about the permissions of a file: who it is for, and the platform (any but Windows without it). */
export interface FileKind {
  readonly clientOnly?: ClientOnly;
  readonly target?: Target;
}

/** Permission flags of a compiled file (docs/architecture.md, "The sandbox"). */
export function permissionFlags(
  { clientOnly, target }: FileKind = {},
): string[] {
  // Windows has a root a drive, and only a list can be narrowed later.
  const everywhere = target?.suffix === ".exe" ? "" : "=/";
  return [
    "--no-prompt",
    clientOnly === undefined
      ? "--allow-net"
      : `--allow-net=${clientHosts(clientOnly.relays).join(",")}`,
    `--allow-read${everywhere}`,
    `--allow-write${everywhere}`,
    `--allow-env=${envNames(clientOnly).join(",")}`,
    "--allow-sys=hostname",
    "--deny-run",
    "--deny-ffi",
    "--deny-import",
  ];
}

/** Flags for what deno.json lists as unstable, which does not go with the file. */
export function unstableFlags(): string[] {
  return denoJson.unstable.map((name) => `--unstable-${name}`);
}

/** Everything after `deno compile`, but for the entry; for a bundled program in the current folder. */
export function compileFlags(
  options: FileKind & { readonly target: Target; readonly output: string },
): string[] {
  return [
    "--quiet",
    "--no-config",
    "--no-lock",
    "--no-remote",
    "--no-npm",
    ...unstableFlags(),
    // A general file is also a relay, and can't tell which before it runs.
    engineFlags({ isEarly: options.clientOnly === undefined }),
    `--app-name=${APP_NAME}`,
    `--target=${options.target.triple}`,
    ...permissionFlags(options),
    "--include=.",
    "--output",
    options.output,
  ];
}

/** The relay's hosts with their ports, and loopback. */
export function clientHosts(relays: readonly URL[]): string[] {
  return [...relays.map(relayHost), ...LOOPBACK];
}

/** `host:port` of a relay, the port always named. */
export function relayHost({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === "wss:" ? "443" : "80")}`;
}

function envNames(clientOnly: ClientOnly | undefined): readonly string[] {
  return clientOnly === undefined
    ? ENV_NAMES
    : ENV_NAMES.filter((name) => !RELAY_ENV.test(name));
}
