// What a test does to the streams at the log's servers, with a relay's own rights.

import {
  jetstream,
  type JetStreamManager,
  jetstreamManager,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { ClusterSettings } from "../../relay/cluster/cluster_settings.ts";
import { connectToServers } from "../../relay/cluster/connect.ts";

/** Entries that nobody applies, behind which a relay that follows may be and still loses none. */
const SPARE = 200;
/** How long the servers may take to answer, on any machine; milliseconds. */
const ANSWER_MS = 60_000;

/** Has the servers take away all that stands in the log now, as its age or size would. */
export async function cutLog(settings: ClusterSettings): Promise<void> {
  await atServers(settings, async ({ streams }, connection) => {
    const place = async () => (await streams.info("AN")).state;
    const { last_seq: last } = await place();
    const log = jetstream(connection);
    await Promise.all(
      Array.from(
        { length: SPARE },
        () => log.publish("an.log", "none", { timeout: ANSWER_MS }),
      ),
    );
    await streams.update("AN", { max_msgs: SPARE });
    while ((await place()).first_seq <= last) await moment();
    await streams.update("AN", { max_msgs: -1 });
  });
}

/** Takes the bytes of all files away, at each server: whichever is asked answers by its own copy. */
export async function loseFiles(settings: ClusterSettings): Promise<void> {
  await atServers(settings, async ({ streams }) => {
    await streams.purge("AN_FILES");
  });
  for (const server of settings.servers) {
    await atServers({ ...settings, servers: [server] }, async ({ direct }) => {
      const any = { seq: 1, next_by_subj: "an.file.*" };
      while (await direct.getMessage("AN_FILES", any) !== null) await moment();
    });
  }
}

async function atServers(
  settings: ClusterSettings,
  act: (
    manager: JetStreamManager,
    connection: NatsConnection,
  ) => Promise<void>,
): Promise<void> {
  const connection = await connectToServers(settings, "test");
  const options = { checkAPI: false, timeout: ANSWER_MS };
  try {
    await act(await jetstreamManager(connection, options), connection);
  } finally {
    await connection.close();
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 100));
