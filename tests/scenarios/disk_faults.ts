import { DatabaseSync } from "node:sqlite";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { parsePrometheus, valueOf } from "../oracle/prometheus_text.ts";
import { OPEN_RELAY, pause } from "./crowd.ts";
import { readHistory } from "./read_history.ts";

const ROOM = "faults";
const TEXT = "x".repeat(8_000);
const PER_SECOND = 50;
/** Between pings on another line, in milliseconds. */
const PING_MS = 20;
/** Longest time that a relay whose disk is well again is given, in milliseconds. */
const RECOVERY_MS = 30_000;

/** Answers to an agent that pings on a line of its own. */
export interface Pongs {
  readonly count: number;
  /** How long the slowest took, or the one that is still to come by now. */
  readonly slowestMs: number;
}

/** What a relay does while its disk is in trouble. */
export interface DiskFaultResult {
  readonly acknowledged: number;
  /** Codes and words of the refusals, each once. */
  readonly refusals: readonly string[];
  /** Acknowledged messages that its history lacks afterwards, or has twice. */
  readonly lost: number;
  /** Refused messages that its history holds all the same. */
  readonly risen: number;
  /** Pongs in the trouble to an agent that stores nothing; and meanwhile of a relay that has none, on the same machine. */
  readonly pongs: { readonly inTrouble: Pongs; readonly elsewhere: Pongs };
  /** Whether messages were acknowledged after the trouble, a second's worth. */
  readonly recovers: boolean;
  /** What `/ready` answered and `store_ready` said at the end of the trouble, and afterwards. */
  readonly readiness: readonly [during: string, after: string];
}

/** Trouble that is made for a database's folder, and taken away again. */
export interface DiskFault {
  begin(folder: string): void | Promise<void>;
  end(folder: string): void | Promise<void>;
}

/** Whether this machine lets a test forbid writes to a file. */
export function canForbidWrites(): boolean {
  const file = Deno.makeTempFileSync({ prefix: "agentnet-immutable-" });
  try {
    sh("chattr", ["+i", file]);
    sh("chattr", ["-i", file]);
    return true;
  } catch {
    return false;
  } finally {
    Deno.removeSync(file);
  }
}

/** Whether this machine lets a test mount a small file system. */
export function canMount(): boolean {
  const folder = Deno.makeTempDirSync({ prefix: "agentnet-mount-" });
  const mounted = mount(["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]);
  if (mounted) sh("umount", [folder]);
  Deno.removeSync(folder);
  return mounted;
}

/** The file system has no room left. */
export const DISK_FULL: DiskFault = {
  begin: (folder) => {
    sh("sh", ["-c", `cat /dev/zero > '${folder}/filler' 2>/dev/null; true`]);
  },
  end: (folder) => Deno.removeSync(`${folder}/filler`),
};

/**
 * The journal, open as it is, takes no more writes. Not the `-shm` file: that one is mapped into memory, and a write to
 * it would end the process (SIGBUS), as it does where a file system turns read-only under any program with SQLite's WAL.
 */
export const READ_ONLY: DiskFault = {
  begin: (folder) => immutable(folder, "+i"),
  end: (folder) => immutable(folder, "-i"),
};

/** Another program holds the database for as long as the trouble lasts. */
export function databaseLocked(): DiskFault {
  let other: DatabaseSync | null = null;
  return {
    begin: (folder) => {
      // The relay may be in the midst of a commit.
      other = new DatabaseSync(`${folder}/data/relay.db`, { timeout: 10_000 });
      other.exec("BEGIN IMMEDIATE");
    },
    end: () => {
      other?.exec("ROLLBACK");
      other?.close();
    },
  };
}

/** Sends 50 messages a second before, in and after the trouble, which lasts 5 s, until they are acknowledged again. */
export async function diskFault(
  fault: DiskFault,
  options: { readonly isMounted: boolean },
): Promise<DiskFaultResult> {
  await using stage = await Stage.open();
  const folder = `${stage.folder}/disk`;
  Deno.mkdirSync(folder);
  const { isMounted } = options;
  if (isMounted) mount(["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]);
  try {
    const relay = await stage.startRelay(OPEN_RELAY, {
      data: `${folder}/data`,
    });
    const calm = await stage.startRelay(OPEN_RELAY, {
      data: `${stage.folder}/calm`,
    });
    try {
      return await measured({ relay, calm, folder }, fault);
    } finally {
      await relay.process.end();
    }
  } finally {
    if (isMounted) sh("umount", [folder]);
  }
}

async function measured(
  { relay, calm, folder }: {
    readonly relay: StagedRelay;
    readonly calm: StagedRelay;
    readonly folder: string;
  },
  fault: DiskFault,
): Promise<DiskFaultResult> {
  const login = (number: number) =>
    RelayPeer.login(relay.url, {
      identity: fastIdentity(number),
      features: ["ack", "history"],
    });
  const sender = await login(1);
  await sender.create(ROOM);
  const pongs = await watchPongs(await login(2));
  const elsewhere = await watchPongs(
    await RelayPeer.login(calm.url, { identity: fastIdentity(2) }),
  );
  const none = { count: 0, slowestMs: Infinity };
  let came = { inTrouble: none, elsewhere: none };
  const sends = startSending(sender);
  let recovers = false;
  const readiness: [string, string] = ["", ""];
  try {
    await pause(500);
    await fault.begin(folder);
    pongs.begin();
    elsewhere.begin();
    try {
      await pause(5_000);
      came = { inTrouble: pongs.soFar(), elsewhere: elsewhere.soFar() };
      readiness[0] = await readinessOf(relay);
    } finally {
      await fault.end(folder);
    }
    recovers = await acknowledgesMore(sends.acknowledged);
    readiness[1] = await readinessOf(relay);
  } finally {
    sends.stop();
    await pongs.stop();
    await elsewhere.stop();
  }
  sender.onFrame = null;
  // Past the refusals of what was still under way.
  sender.text('{"type":"ping"}');
  await sender.nextWhere(({ type }) => type === "pong");
  const kept = (await readHistory(sender, ROOM)).map(({ id }) => id);
  return {
    acknowledged: sends.acknowledged.size,
    refusals: [...sends.refusals],
    lost:
      [...sends.acknowledged].filter((id) =>
        kept.filter((other) => other === id).length !== 1
      ).length,
    risen: kept.filter((id) => sends.refused.has(id)).length,
    pongs: came,
    recovers,
    readiness,
  };
}

async function readinessOf(relay: StagedRelay): Promise<string> {
  const base = relay.url.replace("ws:", "http:").replace("/v1/ws", "");
  const { status } = await fetched(`${base}/ready`);
  const { text } = await fetched(`${base}/metrics`);
  const figure = valueOf(parsePrometheus(text), "agentnet_relay_store_ready");
  return `${status}, store_ready ${figure}`;
}

async function fetched(url: string) {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

/** Whether a second's worth of messages is acknowledged, {@link RECOVERY_MS} at most from now. */
async function acknowledgesMore(
  acknowledged: ReadonlySet<string>,
): Promise<boolean> {
  const enough = acknowledged.size + PER_SECOND;
  const end = performance.now() + RECOVERY_MS;
  while (acknowledged.size < enough && performance.now() < end) {
    await pause(PING_MS);
  }
  return acknowledged.size >= enough;
}

function startSending(sender: RelayPeer) {
  const acknowledged = new Set<string>();
  const refused = new Set<string>();
  const refusals = new Set<string>();
  sender.onFrame = (frame) => {
    if (frame.type === "message.ack") acknowledged.add(String(frame.id));
    if (frame.type !== "error") return;
    refused.add(String(frame.ref));
    refusals.add(`${frame.code}: ${frame.message}`);
  };
  const timer = setInterval(() => {
    if (sender.closed === null) sender.text(sender.message(ROOM, TEXT));
  }, 1_000 / PER_SECOND);
  const stop = () => clearInterval(timer);
  return { acknowledged, refused, refusals, stop };
}

/** Pings on a line of its own; `soFar` tells of what came since `begin`. */
async function watchPongs(
  peer: RelayPeer,
): Promise<{ begin(): void; soFar(): Pongs; stop(): Promise<void> }> {
  await peer.pong();
  let from = performance.now();
  let count = 0;
  let slowest = 0;
  let isStopped = false;
  const run = async () => {
    while (!isStopped) {
      from = performance.now();
      await peer.pong();
      count++;
      slowest = Math.max(slowest, performance.now() - from);
      await pause(PING_MS);
    }
    peer.close();
  };
  const done = run();
  return {
    begin() {
      count = 0;
      slowest = 0;
    },
    soFar: () => ({
      count,
      slowestMs: Math.max(slowest, performance.now() - from),
    }),
    /** @throws when a pong never came. */
    async stop() {
      isStopped = true;
      await done;
    },
  };
}

function mount(args: readonly string[]): boolean {
  try {
    return new Deno.Command("mount", { args: [...args], stderr: "null" })
      .outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function immutable(folder: string, how: "+i" | "-i"): void {
  sh("sh", ["-c", `chattr ${how} '${folder}'/data/relay.db-wal`]);
}

function sh(command: string, args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(command, { args: [...args] })
    .outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
