import { natsServer } from "../../scripts/nats_servers.ts";

/**
 * A test over real servers of a cluster's log: left out, with a word on it, where there is no nats-server.
 *
 * @param lacks what else this host lacks for it; null for nothing.
 */
export function natsTest(
  name: string,
  fn: (context: Deno.TestContext) => Promise<void>,
  lacks: string | null = null,
): void {
  const missing = natsServer() === undefined
    ? "no nats-server; NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one"
    : lacks;
  const why = missing === null ? "" : ` (ignored: ${missing})`;
  Deno.test({ name: `${name}${why}`, ignore: missing !== null, fn });
}
