// What a test does to the streams at the log's servers, with a relay's own rights.

import { type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import type { ClusterSettings } from "../../relay/cluster/cluster_settings.ts";
import { connectToServers } from "../../relay/cluster/connect.ts";

/** Has the servers take a log's beginning away, as its age or size would, once it has more entries than those that are to stay. */
export async function cutLog(
  settings: ClusterSettings,
  keep: number,
): Promise<void> {
  await atServers(settings, async ({ streams }) => {
    const place = async () => (await streams.info("AN")).state;
    while ((await place()).last_seq <= keep) await moment();
    await streams.update("AN", { max_msgs: keep });
    while ((await place()).first_seq <= 1) await moment();
    await streams.update("AN", { max_msgs: -1 });
  });
}

/** Takes the bytes of all files away. */
export async function loseFiles(settings: ClusterSettings): Promise<void> {
  await atServers(settings, async ({ streams }) => {
    await streams.purge("AN_FILES");
  });
}

async function atServers(
  settings: ClusterSettings,
  act: (manager: JetStreamManager) => Promise<void>,
): Promise<void> {
  const connection = await connectToServers(settings, "test");
  try {
    await act(await jetstreamManager(connection, { checkAPI: false }));
  } finally {
    await connection.close();
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 100));
