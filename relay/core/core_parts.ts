import { EdgeCore } from "./edge/edge_core.ts";
import { EffectQueue } from "./effects.ts";
import type { Now } from "./events.ts";
import { BatchRows } from "./log/batch_rows.ts";
import { ClusterLog } from "./log/cluster_log.ts";
import { LocalLog } from "./log/local_log.ts";
import { RULES_VERSION } from "./log/op.ts";
import type { OpLog } from "./log/op_log.ts";
import { Replica } from "./log/replica.ts";
import { type Retained, sharedSettings } from "./log/shared_settings.ts";
import { RoomsCore } from "./rooms/rooms_core.ts";
import type { CoreSettings } from "./settings.ts";
import { Tally } from "./tally.ts";

/** What makes a relay one of a cluster. */
export interface ClusterOptions extends Retained {
  /** Its name, which no other relay of the cluster has. */
  readonly node: string;
  /** The newest rules that this program can apply. Default: {@link RULES_VERSION}. */
  readonly knows?: number;
}

export interface CoreOptions {
  readonly settings: CoreSettings;
  /** Random bytes for challenges. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Absent for a relay that is alone. */
  readonly cluster?: ClusterOptions;
}

/** What a relay's rules are made of. */
export interface CoreParts {
  readonly tally: Tally;
  readonly effects: EffectQueue;
  readonly edge: EdgeCore;
  readonly rooms: RoomsCore;
  /** Puts ops in order. */
  readonly log: OpLog;
  /** The same log where it is shared; null for a relay that is alone. */
  readonly cluster: ClusterLog | null;
}

/**
 * Makes the parts and joins them.
 *
 * @param now the time of the step under way.
 */
export function makeCoreParts(
  { settings, randomBytes, cluster }: CoreOptions,
  now: () => Now,
): CoreParts {
  const tally = new Tally();
  const effects = new EffectQueue();
  const batches = cluster === undefined
    ? null
    : { rows: new BatchRows(), replica: new Replica() };
  const rooms = new RoomsCore({
    ...{ settings, effects, tally },
    rows: batches?.rows ?? effects,
    ...(batches === null ? {} : { changes: batches.replica }),
    seats: {
      entered: (seat) => edge.entered(seat, now()),
      ended: (conn, why) => edge.ended(conn, why),
      settled: (op) => edge.settled(op, now()),
    },
    blobSettled: (id, answer) => edge.blobs.settled(id, answer),
  });
  const shared = cluster === undefined || batches === null
    ? null
    : new ClusterLog({
      node: cluster.node,
      settings: sharedSettings(settings, cluster),
      knows: cluster.knows ?? RULES_VERSION,
      ...{ rooms, effects, ...batches },
      edge: {
        observed: (op, now) => edge.observed(op, now),
        takenBack: (op, now) => edge.takenBack(op, now),
        endAll: (reason, now) => edge.endAll(reason, now),
      },
    });
  const log = shared ?? new LocalLog(rooms);
  const edge = new EdgeCore({
    ...{ settings, randomBytes, effects, tally, rooms, log },
    // In a cluster a batch brings its nonces with it.
    storeNonce: cluster === undefined
      ? (row) => effects.store({ kind: "nonces", nonces: [row] }, () => {})
      : () => {},
  });
  return { tally, effects, edge, rooms, log, cluster: shared };
}
