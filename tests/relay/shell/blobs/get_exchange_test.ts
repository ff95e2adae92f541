import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { silentLogger } from "../../../../lib/log.ts";
import {
  type FromBlobs,
  PIECE_BYTES,
  type ToBlobs,
  WINDOW_BYTES,
} from "../../../../relay/blobs/blob_port.ts";
import {
  BlobClient,
  type BlobPort,
} from "../../../../relay/shell/blobs/blob_client.ts";
import { EXCHANGE } from "../../../../relay/shell/blobs/exchange.ts";
import { GetExchange } from "../../../../relay/shell/blobs/get_exchange.ts";
import { agent } from "../../../fakes/agents.ts";
import { roomName } from "../../../fakes/plain.ts";
import { settle } from "../../../fakes/fake_clock.ts";

/** A connection of one who takes so many pieces, and then none. */
class SlowReader extends Duplex {
  takes = 0;
  wasReset = false;
  #waiting: (() => void)[] = [];
  override _read(): void {}
  override _write(_bytes: Uint8Array, _: string, done: () => void): void {
    this.#waiting.push(done);
    this.#goOn();
  }
  reads(pieces: number): void {
    this.takes += pieces;
    this.#goOn();
  }
  resetAndDestroy(): void {
    this.wasReset = true;
    this.destroy();
  }
  #goOn(): void {
    while (this.takes > 0 && this.#waiting.length > 0) {
      this.takes--;
      this.#waiting.shift()?.();
    }
  }
}

/** A download of so many bytes, its disk as fast as it is asked. */
function bed(size: number) {
  let now = 0;
  let left = size;
  const told: ToBlobs[] = [];
  const port: BlobPort = {
    onmessage: null,
    close() {},
    postMessage(message: unknown) {
      const said = message as ToBlobs;
      told.push(said);
      if (said.type === "get") say({ type: "opened", transfer: said.transfer });
      if (said.type !== "more") return;
      for (let wanted = said.bytes; wanted > 0 && left > 0;) {
        const bytes = new Uint8Array(Math.min(PIECE_BYTES, wanted, left));
        wanted -= bytes.length;
        left -= bytes.length;
        say({ type: "bytes", transfer: said.transfer, bytes });
      }
      if (left === 0) say({ type: "ended", transfer: said.transfer });
    },
  };
  const say = (said: FromBlobs) =>
    queueMicrotask(() =>
      port.onmessage?.(new MessageEvent("message", { data: said }))
    );
  const files = new BlobClient({
    want: () => {},
    onListed: () => {},
    onObjects: () => {},
  });
  files.connect(port);
  const socket = new SlowReader();
  const statuses: number[] = [];
  let left_ = 0;
  const exchange = new GetExchange({
    files,
    ask: (ask) =>
      ask.kind === "find" &&
      ask.onAnswer({ kind: "found", id: "1", until: 1 }),
    log: silentLogger,
    now: () => now,
    answered: (status) => statuses.push(status),
  }, {
    claim: {
      ...{ action: "get", agent: agent(1).id, sha256: "ab".repeat(32), size },
      ...{ room: roomName("tea"), relay: "relay", at: 1 },
    },
    address: "1",
    requestId: "r",
  }, { socket: socket as unknown as Socket, left: () => left_++ });
  exchange.begin(false);
  return {
    ...{ exchange, socket, statuses, told, files },
    asked: () =>
      told.reduce((sum, one) => one.type === "more" ? sum + one.bytes : sum, 0),
    ended: () => left_,
    pass: (ms: number) => {
      now += ms;
      exchange.check();
    },
  };
}

Deno.test("GetExchange: no more is read than the other end takes, and one window", async () => {
  const { socket, asked } = bed(100 * PIECE_BYTES);
  socket.reads(1);
  await settle();
  assert.equal(asked(), WINDOW_BYTES);
  socket.reads(5);
  await settle();
  assert.equal(asked(), WINDOW_BYTES + 5 * PIECE_BYTES);
});

Deno.test("GetExchange: one who takes nothing is cut, and holds its place until then", async () => {
  const { socket, pass, ended, told, files } = bed(100 * PIECE_BYTES);
  socket.reads(2);
  await settle();
  pass(EXCHANGE.idleMs);
  await settle();
  assert.deepEqual([socket.wasReset, ended()], [false, 0]);
  pass(1);
  await settle();
  assert.deepEqual([socket.wasReset, ended(), files.size], [true, 1, 0]);
  assert.equal(told.at(-1)?.type, "cancel");
});

Deno.test("GetExchange: one who takes a little, and again, is cut when it is too slow on the whole", async () => {
  const size = 100 * PIECE_BYTES;
  const { socket, pass } = bed(size);
  socket.reads(1);
  await settle();
  let ms = 0;
  while (!socket.wasReset) {
    socket.reads(1);
    await settle();
    pass(14_000);
    ms += 14_000;
    assert.ok(ms < 1_000_000);
  }
  const fair = EXCHANGE.baseMs + size / EXCHANGE.bytesPerSecond * 1000;
  assert.ok(ms >= fair && ms < fair + 28_000, `${ms}`);
});

Deno.test("GetExchange: all of it, and the connection ends", async () => {
  const { socket, statuses, ended, asked } = bed(3 * PIECE_BYTES + 1);
  socket.reads(1_000);
  await settle(10);
  assert.deepEqual([statuses, ended(), socket.wasReset], [[200], 1, false]);
  assert.ok(asked() >= 3 * PIECE_BYTES + 1);
});
