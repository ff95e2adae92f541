import { Failure } from "../../lib/errors.ts";
import type { CliContext } from "./cli_context.ts";
import { homeOf } from "./home_folder.ts";

/**
 * The folder of the relay that is meant: as named, or by AGENTNET_RELAY_DATA, or the default.
 *
 * @throws {Failure} USAGE where there is no home for a default.
 */
export function relayDataDir(
  context: CliContext,
  data: string | undefined,
): string {
  const named = data || context.env("AGENTNET_RELAY_DATA");
  if (named) return named;
  const home = homeOf(context);
  if (home) return `${home}/.agentnet/relay`;
  throw new Failure("USAGE", {
    fields: { reason: "no data dir is named", fix: "pass --data DIR" },
  });
}
