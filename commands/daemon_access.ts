import type { Fetch } from "../lib/local_api/client.ts";
import { LocalApi } from "../lib/local_api/client.ts";
import { type DaemonPlace, locateDaemon } from "../lib/local_api/locate.ts";
import type { CliContext } from "./cli_context.ts";
import type { CommonFlags } from "./flags.ts";

/** Where the daemon of these flags and this environment is, and its token. */
export function daemonPlace(
  context: CliContext,
  flags: CommonFlags,
): Promise<DaemonPlace> {
  return locateDaemon({
    env: (name) => context.env(name),
    readTextFile: (path) => context.readTextFile(path),
    ...(flags.api === undefined ? {} : { api: flags.api }),
    ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }),
  });
}

/** The daemon's API. Nothing is asked yet: a daemon that does not run shows at the first call. */
export async function daemonApi(
  context: CliContext,
  flags: CommonFlags,
): Promise<LocalApi> {
  const fetch: Fetch = (url, init) => context.fetch(url, init);
  return new LocalApi(await daemonPlace(context, flags), fetch);
}
