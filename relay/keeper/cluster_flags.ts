import { wrongSetting } from "../../lib/host/settings_readers.ts";
import type { ServerAddress } from "../cluster/cluster_settings.ts";

/** The flags of a relay that is one of a cluster, as they were typed. */
export interface ClusterFlags {
  /** nats:// or tls:// addresses, parted by commas. */
  readonly cluster?: string | undefined;
  readonly node?: string | undefined;
  readonly clusterCreds?: string | undefined;
  readonly clusterCa?: string | undefined;
  /** http:// or https:// addresses, parted by commas. */
  readonly clusterMonitor?: string | undefined;
  readonly clusterUnsafe?: boolean | undefined;
}

/** What a relay that is one of a cluster is started with. */
export interface ClusterOptions {
  readonly node: string;
  readonly servers: readonly ServerAddress[];
  readonly monitors: readonly ServerAddress[];
  readonly isUnsafe: boolean;
  readonly credsFile?: string;
  readonly caFile?: string;
}

/** Most addresses of one flag: each of them is tried, and looked at. */
const MOST_SERVERS = 64;

/** By the flag that names them: schemes, the secure one last, and the port that goes without saying. */
const KINDS = {
  "cluster": { schemes: ["nats:", "tls:"], port: 4222 },
  "cluster-monitor": { schemes: ["http:", "https:"], port: 8222 },
} as const;

/**
 * Reads the flags.
 *
 * @returns null without --cluster.
 * @throws {Failure} USAGE, with the flag named; an address with an @ is not repeated, for a password may stand before it.
 */
export function parseCluster(flags: ClusterFlags): ClusterOptions | null {
  const { cluster, node, clusterMonitor, clusterCreds, clusterCa } = flags;
  if (cluster === undefined) return refuseAlone(flags);
  if (node === undefined) {
    throw wrongSetting(
      "--cluster needs --node, by which the other relays know this one",
      "pass a name that no other relay of the cluster has, such as --node a",
    );
  }
  const isUnsafe = flags.clusterUnsafe ?? false;
  if (clusterMonitor === undefined && !isUnsafe) {
    throw wrongSetting(
      "--cluster needs --cluster-monitor: whether the servers sync each write is told there alone",
      "pass the monitoring port of each server, such as --cluster-monitor http://10.0.0.1:8222; to go on without it, --cluster-unsafe",
    );
  }
  return {
    node: parseNode(node),
    servers: parseServers("cluster", cluster),
    monitors: parseServers("cluster-monitor", clusterMonitor ?? ""),
    isUnsafe,
    ...(clusterCreds === undefined ? {} : { credsFile: clusterCreds }),
    ...(clusterCa === undefined ? {} : { caFile: clusterCa }),
  };
}

const NEED_CLUSTER = [
  "node",
  "clusterMonitor",
  "clusterCreds",
  "clusterCa",
  "clusterUnsafe",
] as const satisfies readonly (keyof ClusterFlags)[];

/** A flag of a cluster without one would do nothing, and its operator not know. */
function refuseAlone(flags: ClusterFlags): null {
  for (const flag of NEED_CLUSTER) {
    const value = flags[flag];
    if (value === undefined || value === false) continue;
    const typed = flag.replace(/[A-Z]/g, (letter) => `-${letter}`);
    throw wrongSetting(
      `--${typed.toLowerCase()} says something of a cluster, and there is none`,
      "name its servers: --cluster nats://host:4222",
    );
  }
  return null;
}

function parseNode(node: string): string {
  if (/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(node)) return node;
  throw wrongSetting(
    `--node can't be '${node}'`,
    "use 1 to 32 of a-z, 0-9 and -",
  );
}

/** Reads addresses that are parted by commas; none of an empty text. */
export function parseServers(
  flag: keyof typeof KINDS,
  text: string,
): ServerAddress[] {
  const texts = text.split(",").map((one) => one.trim())
    .filter((one) => one !== "");
  if (texts.length > MOST_SERVERS) {
    throw wrongSetting(
      `--${flag} names more than ${MOST_SERVERS}`,
      "name less",
    );
  }
  if (texts.length === 0 && flag === "cluster") throw notOne(flag, text);
  return texts.map((one) => parseServer(flag, one));
}

function parseServer(flag: keyof typeof KINDS, text: string): ServerAddress {
  const { schemes: [plain, secure], port } = KINDS[flag];
  if (text.includes("@")) {
    throw wrongSetting(
      `--${flag} can't name a user: whoever is on this host sees arguments`,
      "put the credentials into a file that only the relay can read: --cluster-creds FILE",
    );
  }
  const [, scheme = "", rest = ""] = /^([a-z]+:)\/\/([^/?#]+)\/?$/.exec(text) ??
    [];
  const isTls = scheme === secure;
  // Read as a web address: the engine leaves hosts of other schemes as they are written.
  const url = URL.canParse(`http://${rest}`) ? new URL(`http://${rest}`) : null;
  if ((!isTls && scheme !== plain) || url === null) throw notOne(flag, text);
  const written = /:(\d+)$/.exec(rest)?.[1];
  return {
    hostname: url.hostname,
    port: written === undefined ? port : Number(written),
    isTls,
  };
}

function notOne(flag: keyof typeof KINDS, text: string) {
  const [plain, secure] = KINDS[flag].schemes;
  const { port } = KINDS[flag];
  return wrongSetting(
    `--${flag} '${text}' is not the address of a server`,
    `write it as ${plain}//host:${port} or ${secure}//host:${port}, several with commas`,
  );
}
