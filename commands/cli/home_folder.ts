import { homeFolder } from "../../lib/local_api/data_dir_choice.ts";
import type { CliContext } from "./cli_context.ts";

/** The user's home folder, in which default data dirs lie; undefined where there is none. */
export const homeOf = (context: Pick<CliContext, "env">): string | undefined =>
  homeFolder((name) => context.env(name));
