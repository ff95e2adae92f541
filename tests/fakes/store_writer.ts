// A process that writes to a store for ever, and prints the id of each message
// once it is acknowledged: for tests that kill it.
//   deno run … tests/fakes/store_writer.ts FOLDER ROUND

import { sandboxed } from "../../lib/sandbox.ts";
import { StoreClient } from "../../relay/store/store_client.ts";

const [folder = "", round = ""] = Deno.args;
/** Messages posted each 10 ms. */
const BURST = 20;
const encoder = new TextEncoder();
const worker = new Worker(
  new URL("../../relay/store/store_worker.ts", import.meta.url),
  sandboxed("store", {
    net: false,
    read: [folder],
    write: [folder],
    env: false,
  }),
);
const ids = new Map<number, string>();
const client = new StoreClient({
  onReady: () => setInterval(burst, 10),
  onRemoved: () => {},
  onAnswers: (answers) => {
    const lines = answers.map((answer) =>
      `${answer.kind} ${ids.get(answer.token) ?? "-"}\n`
    );
    for (const { token } of answers) ids.delete(token);
    Deno.stdout.writeSync(encoder.encode(lines.join("")));
  },
});
const { port1, port2 } = new MessageChannel();
const path = `${folder}/relay.db`;
worker.postMessage({ type: "init", path, options: {}, port: port2 }, [port2]);
client.connect(port1);

let token = 0;
if (round === "0") {
  client.send({
    kind: "room_opened",
    token: ++token,
    room: "r",
    topic: "",
    tags: [],
    ...{ created_by: "x", created_from: "" },
    created_at: Date.now(),
  });
}

function burst(): void {
  for (let i = 0; i < BURST; i++) {
    const id = `${round}-${++token}`;
    ids.set(token, id);
    client.send({
      kind: "message",
      token,
      room: "r",
      id,
      from: "x",
      from_name: "X",
      frame: JSON.stringify({ id, text: "x".repeat(300) }),
      text_hash: id,
      timestamp: Date.now(),
      received_at: Date.now(),
    });
  }
}
