/** Who may read a room's past: everyone over REST, its members over the socket alone, or nobody. */
export type HistoryAccess = "public" | "members" | "off";

/** The counts of protocol.md section 6; `Infinity` lifts one. Rates are for any 60 seconds. */
export interface LimitSettings {
  readonly messagesPerAgent: number;
  readonly joinsPerAgent: number;
  readonly createsPerAgent: number;
  readonly listsPerAgent: number;
  readonly historyPerAgent: number;
  /** Words of presence, said and asked for. */
  readonly presencePerAgent: number;
  /** Frames of receipts. */
  readonly marksPerAgent: number;
  /** Words of what an agent has of its inbox. */
  readonly directAcksPerAgent: number;
  readonly roomsPerAgent: number;
  readonly messagesPerRoom: number;
  readonly membersPerRoom: number;
  readonly rooms: number;
  /** Rooms that nobody is in, of those made from one address, and the bytes of their messages; and in all. */
  readonly emptyRoomsPerAddress: number;
  readonly emptyBytesPerAddress: number;
  readonly emptyBytes: number;
  readonly creates: number;
  readonly createsPerAddress: number;
  readonly loginsPerAgent: number;
  /** Logins that are tried. */
  readonly loginsPerAddress: number;
  /** Joins within the grace time of a dropped connection. */
  readonly rejoinsPerAgent: number;
  readonly rejoinsPerAddress: number;
  readonly failedLoginsPerAddress: number;
  readonly restPerAddress: number;
  /** Files that are put or fetched, and their bytes. */
  readonly blobsPerAgent: number;
  readonly blobBytesPerAgent: number;
  readonly blobBytesPerAddress: number;
  /** Bytes of pages of history, over the socket and over REST. */
  readonly historyBytesPerAgent: number;
  readonly restBytesPerAddress: number;
  /** Frames that are none, or bear a wrong signature; the next one ends the connection. */
  readonly refusedPerAgent: number;
}

export const DEFAULT_LIMITS: LimitSettings = {
  messagesPerAgent: 60,
  joinsPerAgent: 10,
  createsPerAgent: 5,
  listsPerAgent: 30,
  historyPerAgent: 60,
  presencePerAgent: 60,
  marksPerAgent: 300,
  directAcksPerAgent: 120,
  roomsPerAgent: 50,
  messagesPerRoom: 500,
  membersPerRoom: 1_000,
  rooms: 10_000,
  emptyRoomsPerAddress: 1_000,
  emptyBytesPerAddress: 256 * 2 ** 20,
  emptyBytes: 2 * 2 ** 30,
  creates: 100,
  createsPerAddress: 20,
  loginsPerAgent: 30,
  loginsPerAddress: 3_000,
  rejoinsPerAgent: 500,
  rejoinsPerAddress: 30_000,
  failedLoginsPerAddress: 5,
  restPerAddress: 600,
  blobsPerAgent: 120,
  blobBytesPerAgent: 512 * 2 ** 20,
  blobBytesPerAddress: 2 * 2 ** 30,
  historyBytesPerAgent: 16 * 2 ** 20,
  restBytesPerAddress: 16 * 2 ** 20,
  refusedPerAgent: 30,
};

/** `--limits off`: no counts; every bound stays. */
export const NO_LIMITS: LimitSettings = Object.fromEntries(
  Object.keys(DEFAULT_LIMITS).map((name) => [name, Infinity]),
) as unknown as LimitSettings;

/** Bounds that no flag lifts: what strangers together, and one of them, can make the relay hold. */
export const BOUNDS = {
  /** Open connections in all, and from one address. */
  connections: 20_000,
  connectionsPerAddress: 10_000,
  /** Connections that have not logged in yet, in all and from one address. */
  pendingLogins: 8_192,
  pendingLoginsPerAddress: 512,
  /** How long an address stays blocked after its failed logins. */
  blockMs: 5 * 60_000,
  /** Challenges for new rooms that one connection holds open. */
  createChallenges: 4,
  /** Rows of each table of nonces, of agents' ages, of blocked addresses, and keys of each limit. */
  nonces: 200_000,
  /** Rows of the table of nonces that one agent may fill: ten times what the default limits let it use. */
  noncesPerAgent: 10_000,
  ages: 100_000,
  blocked: 20_000,
  limitKeys: 50_000,
} as const;

/** How files are kept. */
export interface BlobSettings {
  /** The largest one, in bytes; of one that is sealed `mostSealedBlob` of it. */
  readonly bytes: number;
  readonly keptMs: number;
  /** Bytes of one agent's, of one room's or of two agents', of one address's, and in all. */
  readonly agentBytes: number;
  readonly roomBytes: number;
  readonly addressBytes: number;
  readonly totalBytes: number;
}

/** What the core is told at start. Milliseconds; 0 turns an age off. */
export interface CoreSettings {
  /** What `welcome` calls this relay: its public URL, else "agentnet". */
  readonly relayName: string;
  /** Normalised by `new URL(x).href`; a hello that names another relay is refused (protocol.md section 10). */
  readonly publicUrl?: string;
  readonly requireOrigin: boolean;
  readonly history: HistoryAccess;
  /** Whether messages to one agent are taken, and wait for it. */
  readonly direct: boolean;
  /** Null where no files are kept. */
  readonly blobs: BlobSettings | null;
  readonly joinAgeMs: number;
  readonly createAgeMs: number;
  readonly roomIdleMs: number;
  /** How long a room that nobody is in stays; 0: its last leave ends it. */
  readonly roomEmptyMs: number;
  readonly roomGraceMs: number;
  readonly limits: LimitSettings;
  /** Leading zero bits that a proof must have. */
  readonly difficulty: {
    readonly login: number;
    readonly create: number;
    readonly direct: number;
  };
  /** Agent ids: only these may log in; undefined admits all. */
  readonly allow?: ReadonlySet<string>;
  readonly deny: ReadonlySet<string>;
}
