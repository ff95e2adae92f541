import { natsServer } from "../../scripts/nats_servers.ts";

/** A test over real servers of a cluster's log: left out, with a word on it, where there is no nats-server. */
export function natsTest(
  name: string,
  fn: (context: Deno.TestContext) => Promise<void>,
): void {
  const ignore = natsServer() === undefined;
  const why = ignore
    ? " (ignored: no nats-server; NATS_SERVER=$(scripts/nats_server.sh FOLDER) brings one)"
    : "";
  Deno.test({ name: `${name}${why}`, ignore, fn });
}
