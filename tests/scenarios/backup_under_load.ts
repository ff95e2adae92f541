import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { type HistoryRow, readHistory } from "./read_history.ts";

const FLAGS = ["--join-age", "0", "--create-age", "0", "--limits", "off"];
const ROOM = "backed-up";
const PER_SECOND = 500;
/** So many, and one more, before the backup begins: some seconds on a busy host. */
const ACKNOWLEDGED_BEFORE = 200;

export interface BackupResult {
  /** Acknowledged before the backup began: each must be in the copy. */
  readonly acknowledgedBefore: number;
  /** Acknowledged while it was made. */
  readonly acknowledgedDuring: number;
  /** Of those before, how many the restored relay does not have, with their text. */
  readonly missing: number;
  readonly doubled: number;
  readonly restored: number;
  /** The relay's store refused nothing while it was copied. */
  readonly refused: number;
}

/** Backs a relay up under 500 messages a second, restores it into another folder, and looks for what was acknowledged. */
export async function backupUnderLoad(): Promise<BackupResult> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  const copy = `${stage.folder}/copy.db`;
  const relay = await stage.startRelay(FLAGS, { data });
  await using load = await Load.start(relay.url);
  await load.enough();
  const before = new Map(load.acknowledged);
  const made = await stage.run(["relay", "backup", copy, "--data", data]);
  if (made.code !== 0) throw new Error(made.stderr);
  const acknowledgedDuring = load.acknowledged.size - before.size;
  await load.stop();
  await relay.process.end();

  const rows = await restored(stage, copy);
  const texts = new Map(rows.map(({ id, text }) => [id, text]));
  return {
    acknowledgedBefore: before.size,
    acknowledgedDuring,
    missing: [...before].filter(([id, text]) => texts.get(id) !== text).length,
    doubled: rows.length - texts.size,
    restored: rows.length,
    refused: load.refused,
  };
}

/** The room's history from a relay that starts with nothing but the copy. */
async function restored(stage: Stage, copy: string): Promise<HistoryRow[]> {
  const data = `${stage.folder}/restored`;
  await Deno.mkdir(data, { mode: 0o700 });
  await Deno.copyFile(copy, `${data}/relay.db`);
  const relay = await stage.startRelay(FLAGS, { data });
  const reader = await RelayPeer.login(relay.url, {
    identity: agent(2),
    features: ["history"],
  });
  await reader.join(ROOM);
  const rows = await readHistory(reader, ROOM);
  reader.close();
  return rows;
}

/** A sender of 500 messages a second, with what was acknowledged. */
class Load {
  readonly acknowledged = new Map<string, string>();
  refused = 0;
  readonly #full = Promise.withResolvers<void>();
  readonly #sender: RelayPeer;
  readonly #tick: ReturnType<typeof setInterval>;

  private constructor(sender: RelayPeer) {
    this.#sender = sender;
    const sent = new Map<string, string>();
    sender.onFrame = ({ type, id }) => {
      if (type === "error") this.refused++;
      if (type !== "message.ack") return;
      this.acknowledged.set(String(id), sent.get(String(id)) ?? "");
      if (this.acknowledged.size > ACKNOWLEDGED_BEFORE) this.#full.resolve();
    };
    this.#tick = setInterval(() => {
      for (let i = 0; i < PER_SECOND / 50; i++) {
        const id = crypto.randomUUID();
        const text = `text of ${id}`;
        sent.set(id, text);
        sender.text(sender.message(ROOM, text, id));
      }
    }, 20);
  }

  static async start(url: string): Promise<Load> {
    const identity = agent(1);
    const sender = await RelayPeer.login(url, { identity, features: ["ack"] });
    await sender.create(ROOM);
    return new Load(sender);
  }

  /** Until there are enough of them; rejects where the relay lets go of the sender. */
  async enough(): Promise<void> {
    await Promise.race([this.#full.promise, this.#sender.ended()]);
    if (this.#sender.closed !== null) throw new Error("the relay let go");
  }

  async stop(): Promise<void> {
    clearInterval(this.#tick);
    this.#sender.close();
    await this.#sender.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#sender.closed === null) await this.stop();
  }
}
