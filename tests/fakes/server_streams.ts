import { jetstreamManager } from "@nats-io/jetstream";
import type { ClusterSettings } from "../../relay/cluster/cluster_settings.ts";
import { connectToServers } from "../../relay/cluster/connect.ts";

/** Has the servers take a log's beginning away, as its age or size would, once it has more entries than those that are to stay. */
export async function cutLog(
  settings: ClusterSettings,
  keep: number,
): Promise<void> {
  const connection = await connectToServers(settings, "test");
  try {
    const { streams } = await jetstreamManager(connection, { checkAPI: false });
    const place = async () => (await streams.info("AN")).state;
    while ((await place()).last_seq <= keep) await moment();
    await streams.update("AN", { max_msgs: keep });
    while ((await place()).first_seq <= 1) await moment();
    await streams.update("AN", { max_msgs: -1 });
  } finally {
    await connection.close();
  }
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 100));
