import { parseName } from "../../daemon/keeper/settings.ts";
import { parseRelayList } from "../../lib/client/relay_list.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import {
  checkSame,
  type WantedDaemon,
} from "../../lib/local_api/same_daemon.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { HeldFlags } from "./hold_here.ts";

/** Asks each daemon of a data dir once whether it is the one that an MCP server was configured for. */
export class DaemonCheck {
  readonly #wanted: WantedDaemon;
  /** Of the daemon that was found to be the right one. */
  #token: string | null = null;

  /** @throws {Failure} RELAY_URL_INVALID, USAGE for a name that can't be. */
  constructor(
    context: Pick<CliContext, "env" | "hostname">,
    { name, relay }: HeldFlags,
    dir: string,
  ) {
    const said = name ?? (context.env("AGENTNET_NAME") || undefined);
    const url = relay ?? (context.env("AGENTNET_RELAY") || undefined);
    this.#wanted = {
      dir,
      name: said && parseName(said, () => context.hostname()),
      relay: url && parseRelayList(url).href,
      fix:
        "for a second agent: agentnet mcp --as NAME; for the one that runs leave name and relay out of this server's configuration",
    };
  }

  /**
   * @param token by which the daemon is told from one before it.
   * @throws {Failure} OTHER_NAME, OTHER_RELAY, and what keeps it from answering.
   */
  async check(token: string, api: Pick<LocalApi, "status">): Promise<void> {
    const { name, relay } = this.#wanted;
    if (token === this.#token || (name ?? relay) === undefined) return;
    checkSame(await api.status(), this.#wanted);
    this.#token = token;
  }
}
