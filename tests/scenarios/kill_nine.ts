import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Stage } from "../../scripts/stage.ts";
import { agent } from "../fakes/agents.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { readHistory } from "./read_history.ts";

const FLAGS = ["--join-age", "0", "--create-age", "0", "--limits", "off"];
const ROOM = "kill-nine";
const PER_SECOND = 500;

/** What the rounds came to. */
export interface KillNineResult {
  readonly acknowledged: number;
  readonly kept: number;
}

/** Kills a relay at a random time under 500 messages a second, again and again, and looks for what it acknowledged. */
export async function killNine(rounds: number): Promise<KillNineResult> {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  const acknowledged = new Map<string, string>();
  for (let round = 0; round < rounds; round++) {
    const relay = await stage.startRelay(FLAGS, { data });
    await sendUntilKilled(relay, acknowledged);
    assertWhole(data);
  }
  const relay = await stage.startRelay(FLAGS, { data });
  const reader = await RelayPeer.login(relay.url, {
    identity: agent(2),
    features: ["history"],
  });
  await reader.join(ROOM);
  const kept = await readHistory(reader, ROOM);
  assertAllThere(acknowledged, kept);
  reader.close();
  return { acknowledged: acknowledged.size, kept: kept.length };
}

async function sendUntilKilled(
  relay: Awaited<ReturnType<Stage["startRelay"]>>,
  acknowledged: Map<string, string>,
): Promise<void> {
  const sender = await RelayPeer.login(relay.url, {
    identity: agent(1),
    features: ["ack"],
  });
  await enter(sender);
  const sent = new Map<string, string>();
  sender.onFrame = (frame) => {
    if (frame.type === "message.ack") {
      acknowledged.set(String(frame.id), sent.get(String(frame.id)) ?? "");
    }
  };
  const tick = setInterval(() => {
    for (let i = 0; i < PER_SECOND / 50 && sender.closed === null; i++) {
      const id = crypto.randomUUID();
      const text = `text of ${id}`;
      sent.set(id, text);
      sender.text(sender.message(ROOM, text, id));
    }
  }, 20);
  await new Promise((resolve) =>
    setTimeout(resolve, 300 + Math.random() * 1500)
  );
  relay.process.kill("SIGKILL");
  await relay.process.status;
  clearInterval(tick);
  sender.close();
}

async function enter(sender: RelayPeer): Promise<void> {
  sender.signed({ type: "room.join", room: ROOM });
  const answer = await sender.nextWhere((frame) =>
    frame.type === "room.joined" || frame.type === "error"
  );
  if (answer.type === "error") await sender.create(ROOM);
}

function assertWhole(data: string): void {
  const file = [...Deno.readDirSync(data)].find((entry) =>
    entry.name.endsWith(".db")
  );
  assert.ok(file, "no database file");
  const database = new DatabaseSync(`${data}/${file.name}`);
  assert.deepEqual({ ...database.prepare("PRAGMA integrity_check").get() }, {
    integrity_check: "ok",
  });
  database.close();
}

function assertAllThere(
  acknowledged: ReadonlyMap<string, string>,
  kept: readonly { id: string; text: string }[],
): void {
  const times = new Map<string, number>();
  const texts = new Map(kept.map(({ id, text }) => [id, text]));
  for (const { id } of kept) times.set(id, (times.get(id) ?? 0) + 1);
  const missing = [...acknowledged].filter(([id, text]) =>
    texts.get(id) !== text
  );
  const doubled = [...times].filter(([, count]) => count > 1);
  assert.deepEqual({ missing: missing.length, doubled: doubled.length }, {
    missing: 0,
    doubled: 0,
  });
}
