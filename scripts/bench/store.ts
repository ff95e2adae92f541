// Messages a second that the relay's store takes through its port, beside bare
// inserts into SQLite.
//   deno run -A scripts/bench/store.ts [--json]

import { DatabaseSync } from "node:sqlite";
import { sandboxed } from "../../lib/sandbox.ts";
import type { StoreMessage } from "../../relay/store/contract.ts";
import { StoreClient } from "../../relay/store/store_client.ts";
import { type BenchRow, benchRow, renderTable } from "./table.ts";

const ROWS = 30_000;
const UNIT = "messages/s";
/** A frame of a short message is about this long. */
const FRAME = "x".repeat(450);
const HASH = "a".repeat(64);
const ROOMS = 40;
/** Messages without an answer at any time: a busy relay, and 40 senders who each wait for their ack. */
const BUSY = 1_000;
const WAITING = 40;

/** Stored and acknowledged messages a second. The floor inserts rows of one table without an index, 512 a commit at FULL. */
export async function benchStore(): Promise<BenchRow[]> {
  const floorFigure = bareInserts();
  const row = (name: string, figure: number) =>
    benchRow({
      name,
      figure,
      unit: UNIT,
      floor: "bare inserts, 512 a commit",
      floorFigure,
    });
  return [
    row("store, 1,000 in flight", await throughStore(BUSY, ROWS)),
    row("store, 40 in flight", await throughStore(WAITING, ROWS / 3)),
  ];
}

function bareInserts(): number {
  return inFolder((folder) => {
    const sql = new DatabaseSync(`${folder}/bare.db`);
    sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    sql.exec("CREATE TABLE messages (id TEXT, author TEXT, frame TEXT)");
    const insert = sql.prepare("INSERT INTO messages VALUES (?, ?, ?)");
    const from = performance.now();
    for (let done = 0; done < ROWS; done += 512) {
      sql.exec("BEGIN");
      for (let i = 0; i < 512; i++) {
        insert.run(crypto.randomUUID(), HASH, FRAME);
      }
      sql.exec("COMMIT");
    }
    const seconds = (performance.now() - from) / 1000;
    sql.close();
    return ROWS / seconds;
  });
}

async function throughStore(inFlight: number, rows: number): Promise<number> {
  return await inFolder(async (folder) => {
    const worker = new Worker(
      new URL("../../relay/store/store_worker.ts", import.meta.url),
      sandboxed("store", {
        net: false,
        read: [folder],
        write: [folder],
        env: false,
      }),
    );
    try {
      return await rate(worker, { path: `${folder}/relay.db`, inFlight, rows });
    } finally {
      worker.terminate();
    }
  });
}

/** Keeps `inFlight` messages under way until `rows` are acknowledged. */
function rate(
  worker: Worker,
  { path, inFlight, rows }: { path: string; inFlight: number; rows: number },
): Promise<number> {
  const done = Promise.withResolvers<number>();
  const { port1, port2 } = new MessageChannel();
  let sent = 0;
  let answered = -ROOMS;
  let from = 0;
  const refill = () => {
    for (; sent < rows && sent - answered < inFlight; sent++) {
      client.send(message(sent));
    }
  };
  const client = new StoreClient({
    onReady: () => openRooms(client),
    onRemoved: () => {},
    onAnswers: (answers) => {
      if (answers.some(({ kind }) => kind !== "stored")) {
        done.reject(new Error("a write failed"));
      }
      answered += answers.length;
      if (answered < 0) return;
      from ||= performance.now();
      if (answered < rows) return refill();
      port1.close();
      done.resolve(rows / (performance.now() - from) * 1000);
    },
  });
  worker.postMessage({ type: "init", path, options: {}, port: port2 }, [port2]);
  client.connect(port1);
  return done.promise;
}

function openRooms(client: StoreClient): void {
  for (let i = 1; i <= ROOMS; i++) {
    client.send({
      kind: "room_opened",
      token: -i,
      room: `room-${i}`,
      topic: "",
      tags: [],
      ...{ created_by: HASH, created_from: "" },
      created_at: Date.now(),
    });
  }
}

function message(token: number): StoreMessage {
  return {
    kind: "message",
    token,
    room: `room-${1 + token % ROOMS}`,
    id: crypto.randomUUID(),
    from: `agent-${token % 80}`.padEnd(44, "x"),
    from_name: "An Agent",
    frame: FRAME,
    text_hash: HASH,
    timestamp: Date.now(),
    received_at: Date.now(),
  };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = Deno.makeTempDirSync({ prefix: "store-bench-" });
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const result = work(folder);
  if (result instanceof Promise) return result.finally(remove) as T;
  remove();
  return result;
}

if (import.meta.main) {
  const rows = await benchStore();
  console.log(
    Deno.args.includes("--json") ? JSON.stringify(rows) : renderTable(rows),
  );
}
