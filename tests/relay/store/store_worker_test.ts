import assert from "node:assert/strict";
import { sandboxed } from "../../../lib/sandbox.ts";
import type {
  StoreAnswer,
  StoreRequest,
} from "../../../relay/store/contract.ts";
import { StoreClient } from "../../../relay/store/store_client.ts";

Deno.test("store_worker: stores and reads with permission for its folder alone, and ends when asked", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "store-" });
  const worker = new Worker(
    new URL("../../../relay/store/store_worker.ts", import.meta.url),
    sandboxed("store", {
      net: false,
      read: [folder],
      write: [folder],
      env: false,
    }),
  );
  try {
    const types: string[] = [];
    const ended = Promise.withResolvers<void>();
    worker.onmessage = ({ data }) => {
      types.push(data.type);
      if (data.type === "sandbox.stop") ended.resolve();
    };
    const { port1, port2 } = new MessageChannel();
    const path = `${folder}/relay.db`;
    worker.postMessage({ type: "init", path, options: {}, port: port2 }, [
      port2,
    ]);
    const answers = await asked(port1, [
      {
        kind: "room_opened",
        token: 1,
        room: "r",
        topic: "",
        tags: [],
        ...{ created_by: "x", created_from: "" },
        created_at: 1_800_000_000_000,
      },
      {
        kind: "message",
        token: 2,
        room: "r",
        id: "1",
        from: "x",
        from_name: "X",
        frame: '{"text":"é 😀"}',
        text_hash: "1",
        timestamp: 1,
        received_at: Date.now(),
      },
      { kind: "history", token: 3, room: "r", limit: 9, most_bytes: 999 },
    ]);
    assert.deepEqual(answers.map(({ kind }) => kind), [
      "stored",
      "stored",
      "page",
    ]);
    const page = answers[2];
    assert.equal(
      page?.kind === "page" && page.messages[0]?.frame,
      '{"text":"é 😀"}',
    );
    worker.postMessage({ type: "sandbox.stop" });
    await ended.promise;
    assert.ok(types.includes("store_ready"));
    const files = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.deepEqual(files, ["relay.db"], "the log was written back");
    port1.close();
  } finally {
    worker.terminate();
    Deno.removeSync(folder, { recursive: true });
  }
});

function asked(
  port: MessagePort,
  requests: readonly StoreRequest[],
): Promise<StoreAnswer[]> {
  const all: StoreAnswer[] = [];
  const done = Promise.withResolvers<StoreAnswer[]>();
  const client = new StoreClient({
    onReady: () => {},
    onRemoved: () => {},
    onAnswers: (answers) => {
      all.push(...answers);
      if (all.length >= requests.length) done.resolve(all);
    },
  });
  client.connect(port);
  for (const request of requests) client.send(request);
  return done.promise;
}
