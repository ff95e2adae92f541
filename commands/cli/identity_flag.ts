import {
  checkedIdentity,
  identityOf,
  namedDataDir,
} from "../../lib/local_api/data_dir_choice.ts";
import { defined } from "../../lib/defined.ts";
import { note } from "../output/answer.ts";
import type { CliContext } from "./cli_context.ts";

/**
 * The context of the identity that `--as` names: from here on it stands in the environment, where AGENTNET_AS may have
 * named another. Says so where a data dir that is named by its path wins, once where a start takes several calls
 * (scripts/start.sh).
 *
 * @throws {Failure} USAGE for what is no identity's name.
 */
export function ofIdentity(
  context: CliContext,
  { as, dataDir }: {
    readonly as?: string | undefined;
    readonly dataDir?: string | undefined;
  },
): CliContext {
  const chosen = as === undefined ? context : withIdentity(context, as);
  const env = (name: string) => chosen.env(name);
  const identity = identityOf({ env });
  const named = namedDataDir({ env, ...defined({ dataDir }) });
  const isTold = ["started", "done"].includes(env("AGENTNET_START") ?? "");
  if (identity !== undefined && named !== undefined && !isTold) {
    const what = dataDir ? "--data-dir" : "AGENTNET_DATA_DIR";
    note(context, `${what} wins over the identity ${identity}: ${named}`);
  }
  return chosen;
}

function withIdentity(context: CliContext, text: string): CliContext {
  const as = checkedIdentity(text);
  return {
    ...context,
    env: (name) => name === "AGENTNET_AS" ? as : context.env(name),
  };
}
