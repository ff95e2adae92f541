import { PROXY_VARIABLES } from "../../lib/host/proxy_env.ts";
import type { CliContext, CliEnvironment } from "../cli/cli_context.ts";

/** What commands, a daemon and its way to the relay read. */
const NAMES = [
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
  "HOME",
  "USERPROFILE",
];
const NETWORK_NAMES = [...PROXY_VARIABLES, "NO_PROXY"]
  .flatMap((name) => [name, name.toLowerCase()]);

/**
 * The context with environment and host name as they are now: a daemon that runs in this process gives both rights
 * away, and may have to be started again.
 */
export function withKeptEnvironment(context: CliContext): CliContext {
  const kept = new Map(NAMES.map((name) => [name, context.env(name)]));
  const hostname = context.hostname();
  return {
    ...context,
    env: (name) => kept.has(name) ? kept.get(name) : context.env(name),
    environment: keptEnvironment(context.environment),
    hostname: () => hostname,
  };
}

/** Passes on only what changes something. */
function keptEnvironment(environment: CliEnvironment): CliEnvironment {
  const kept = new Map(
    NETWORK_NAMES.map((name) => [name, environment.get(name)]),
  );
  return {
    get: (name) => kept.has(name) ? kept.get(name) : environment.get(name),
    set(name, value) {
      if (kept.get(name) === value) return;
      environment.set(name, value);
      kept.set(name, value);
    },
    delete(name) {
      if (kept.has(name) && kept.get(name) === undefined) return;
      environment.delete(name);
      kept.set(name, undefined);
    },
  };
}
