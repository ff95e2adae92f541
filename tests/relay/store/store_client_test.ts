import assert from "node:assert/strict";
import type {
  RemovedOfRoom,
  StoreAnswer,
  StoreMessage,
  StoreReady,
  StoreRequest,
} from "../../../relay/store/contract.ts";
import {
  StoreClient,
  type StorePort,
} from "../../../relay/store/store_client.ts";
import { settle } from "../../fakes/fake_clock.ts";

class Port implements StorePort {
  onmessage: ((event: MessageEvent) => void) | null = null;
  readonly posted: StoreRequest[][] = [];
  closed = false;
  postMessage(message: unknown): void {
    this.posted.push(message as StoreRequest[]);
  }
  close(): void {
    this.closed = true;
  }
  say(data: StoreReady | StoreAnswer[]): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
}

const READY: StoreReady = { kind: "ready", rooms: [], nonces: [], closed: [] };

function message(token: number): StoreMessage {
  return {
    kind: "message",
    token,
    room: "r",
    id: `${token}`,
    from: "x",
    from_name: "X",
    frame: "{}",
    text_hash: "",
    timestamp: 1,
    received_at: 100 + token,
  };
}

function stored(token: number, received_at: number): StoreAnswer {
  return { kind: "stored", token, seq: 1, received_at, duplicate: true };
}

function rig() {
  const answers: StoreAnswer[] = [];
  const readies: StoreReady[] = [];
  const removed: RemovedOfRoom[] = [];
  const client = new StoreClient({
    onRemoved: (rooms) => void removed.push(...rooms),
    onReady: (ready) => void readies.push(ready),
    onAnswers: (some) => void answers.push(...some),
  });
  const port = new Port();
  client.connect(port);
  return { answers, readies, removed, client, port };
}

const tokens = (posted: readonly StoreRequest[][]) =>
  posted.map((requests) => requests.map(({ token }) => token));

Deno.test("StoreClient: the requests of a turn cross as one message; answers come back by token, each once", async () => {
  const { answers, client, port } = rig();
  client.send(message(1));
  client.send(message(2));
  assert.deepEqual(port.posted.flat(), []);
  await settle();
  client.send(message(3));
  await settle();
  assert.deepEqual(tokens(port.posted).filter((list) => list.length > 0), [
    [1, 2],
    [3],
  ]);
  port.say([stored(1, 5), stored(9, 5)]);
  port.say([stored(1, 5)]);
  assert.deepEqual(answers, [stored(1, 5)]);
  assert.equal(client.pending, 2);
});

Deno.test("StoreClient: it is ready once the worker says so, and not while another starts", () => {
  const { readies, client, port } = rig();
  assert.equal(client.isReady, false);
  port.say(READY);
  assert.equal(client.isReady, true);
  client.connect(new Port());
  assert.deepEqual([client.isReady, port.closed], [false, true]);
  assert.equal(readies.length, 1);
});

Deno.test("StoreClient: a new worker gets what had no answer, in order; its own message is then no duplicate", async () => {
  const { answers, client, port } = rig();
  for (const token of [1, 2, 3]) client.send(message(token));
  await settle();
  port.say([{ kind: "stored", token: 1 }]);
  const next = new Port();
  client.connect(next);
  client.send(message(4));
  await settle();
  assert.deepEqual(tokens(next.posted), [[2, 3], [4]]);
  port.say([stored(2, 102)]);
  next.say([stored(2, 102), stored(3, 50), stored(4, 104)]);
  assert.deepEqual(answers.slice(1), [
    { kind: "stored", token: 2, seq: 1, received_at: 102 },
    stored(3, 50),
    stored(4, 104),
  ]);
  assert.equal(client.pending, 0);
});

Deno.test("StoreClient.full: says when too much waits, and when no more", async () => {
  const { client, port } = rig();
  const frame = "x".repeat(60_000);
  let token = 0;
  while (!client.full && token < 1_000) {
    client.send({ ...message(++token), frame });
  }
  assert.ok(token > 100 && token < 200, `${token} requests`);
  await settle();
  port.say([stored(1, 1), stored(2, 1)]);
  assert.equal(client.full, false);
});
