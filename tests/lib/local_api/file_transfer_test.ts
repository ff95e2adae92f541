import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { CutOff } from "../../../lib/local_api/cut_off.ts";
import { writeEnd, writePiece } from "../../../lib/local_api/file_stream.ts";
import { fileTransfer } from "../../../lib/local_api/file_transfer.ts";
import type {
  Stream,
  StreamRequest,
} from "../../../lib/local_api/loopback_stream.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";

const place = { address: "127.0.0.1:9900", token: "t" };
const file = { name: "a", size: 3, sha256: "ab".repeat(32) };
const utf8 = (text: string) => new TextEncoder().encode(text);

async function* of(...pieces: readonly Uint8Array[]) {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

function over(stream: Stream) {
  const clock = new FakeClock();
  return { clock, files: fileTransfer(place, { stream, clock }) };
}

/** A daemon that says nothing until it is hung up on. */
const silent: Stream = (_url, { signal }) =>
  new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );

const wanted = { room: roomName("tea"), name: "a b", size: 3 };

Deno.test("fileTransfer: puts with what is to be known, tells how far it is, gives what came of it", async () => {
  const asked: [string, StreamRequest][] = [];
  const { files } = over((url, request) => {
    asked.push([url, request]);
    const lines = `{"sent":1}\n{"sent":3}\n${JSON.stringify({ file })}\n`;
    const cut = utf8(lines);
    return Promise.resolve({
      status: 200,
      body: of(cut.subarray(0, 15), cut.subarray(15)),
    });
  });
  const told: number[] = [];
  const taken = await files.put(wanted, of(), (many) => told.push(many));
  deepStrictEqual([taken, told], [file, [1, 3]]);
  const [[url, { method, body, token }] = ["", {} as StreamRequest]] = asked;
  strictEqual(url, "http://127.0.0.1:9900/v2/file?room=tea&name=a+b&size=3");
  deepStrictEqual([method, body?.size, token], ["PUT", 3, "t"]);
});

Deno.test("fileTransfer: a failure at the end of either way is that failure", async () => {
  const error = new Failure("BLOB_QUOTA").toJson();
  const put = over(() =>
    Promise.resolve({
      status: 200,
      body: of(utf8(`${JSON.stringify({ error })}\n`)),
    })
  );
  await rejects(put.files.put(wanted, of(), () => {}), { code: "BLOB_QUOTA" });
  for (
    const [status, body] of [
      [200, writeEnd({ error })],
      [503, utf8(JSON.stringify({ error }))],
    ] as const
  ) {
    const get = over(() => Promise.resolve({ status, body: of(body) }));
    await rejects(get.files.get({ id: "x" }, () => Promise.resolve()), {
      code: "BLOB_QUOTA",
    });
  }
});

Deno.test("fileTransfer: what breaks off, or is something else, is no connection", async () => {
  const bodies = [
    of(),
    of(writePiece(utf8("abc"))),
    of(utf8("HTTP/1.0 200")),
    of(writeEnd({})),
  ];
  for (const body of bodies) {
    const { files } = over(() => Promise.resolve({ status: 200, body }));
    await rejects(files.get({ id: "x" }, () => Promise.resolve()), {
      code: "NOT_CONNECTED",
    });
  }
  const cut = over(() => Promise.reject(new CutOff(null)));
  await rejects(cut.files.put(wanted, of(), () => {}), {
    code: "NOT_CONNECTED",
  });
});

Deno.test("fileTransfer: nobody waits for ever, nor on when it is not wanted any more", async () => {
  const late = over(silent);
  const seen = rejects(late.files.put(wanted, of(), () => {}), {
    code: "NOT_CONNECTED",
  });
  await late.clock.advance(61_000);
  await seen;
  const given = new AbortController();
  const getting = over(silent).files.get(
    { id: "x" },
    () => Promise.resolve(),
    given.signal,
  );
  const ended = rejects(getting, { code: "NOT_CONNECTED" });
  given.abort(new Failure("NOT_CONNECTED"));
  await ended;
});
