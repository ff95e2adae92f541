import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { readPieces } from "../../../lib/local_api/file_stream.ts";
import { Failure } from "../../../lib/errors.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { ApiRig } from "../../fakes/api_rig.ts";

const bytes = new TextEncoder().encode("hello ".repeat(40_000));
const put = `/v2/file?room=tea&name=a.txt&size=${bytes.length}`;

async function linesOf(answer: Response) {
  const text = await answer.text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("PUT /v2/file: hands the bytes on, tells how far they are, and what came of them", async () => {
  const rig = new ApiRig();
  const answer = await rig.ask(put, { method: "PUT", body: bytes, type: null });
  strictEqual(answer.status, 200);
  const [first, last] = await linesOf(answer);
  deepStrictEqual(first, { sent: bytes.length });
  strictEqual(last.file.size, bytes.length);
  deepStrictEqual(rig.agent.fileApi.taken, bytes);
  deepStrictEqual(rig.agent.changes, [
    ["take", { room: "tea", name: "a.txt", size: bytes.length }],
  ]);
});

Deno.test("PUT /v2/file: a refusal is its last line", async () => {
  const rig = new ApiRig();
  rig.agent.fileApi.refuses = new Failure("BLOB_QUOTA");
  const answer = await rig.ask(put, { method: "PUT", body: bytes, type: null });
  const [last] = await linesOf(answer);
  strictEqual(last.error.code, "BLOB_QUOTA");
});

Deno.test("PUT /v2/file: without a token, for another host, from a page or with a bad query nothing is taken", async () => {
  for (
    const [path, wrong, status] of [
      [put, { authorization: null }, 401],
      [put, { host: "evil.example" }, 403],
      [put, { origin: "http://evil.example" }, 403],
      ["/v2/file?room=T%20a&name=a&size=1", {}, 400],
      ["/v2/file?room=tea&name=a&size=x", {}, 400],
      ["/v2/file?room=tea&size=1", {}, 400],
    ] as const
  ) {
    const rig = new ApiRig();
    const ask = { method: "PUT", body: bytes, type: null, ...wrong };
    strictEqual((await rig.ask(path, ask)).status, status, path);
    deepStrictEqual(rig.agent.changes, []);
  }
});

Deno.test("GET /v2/file: pieces, and at the end what they are", async () => {
  const rig = new ApiRig();
  rig.agent.fileApi.given = [
    bytes.subarray(0, 70_000),
    new Uint8Array(),
    bytes.subarray(70_000),
  ];
  const answer = await rig.ask("/v2/file?id=k7q2xm");
  const got = await read(answer);
  deepStrictEqual(got.bytes, bytes);
  strictEqual((got.end as { file: { size: number } }).file.size, bytes.length);
});

Deno.test("GET /v2/file: what goes wrong behind the first byte is told at the end; an end that is missing shows", async () => {
  const rig = new ApiRig();
  rig.agent.fileApi.given = [bytes];
  rig.agent.fileApi.ends = new Failure("FILE_ALTERED");
  const answer = await rig.ask("/v2/file?id=k7q2xm");
  const whole = new Uint8Array(await answer.arrayBuffer());
  const { end } = await read(new Response(whole));
  strictEqual((end as { error: { code: string } }).error.code, "FILE_ALTERED");
  for (const cut of [0, 3, 100, bytes.length]) {
    await rejects(read(new Response(whole.subarray(0, cut))), SyntaxError);
  }
});

async function read(answer: Response) {
  const pieces = readPieces(answer.body!);
  const parts: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return { bytes: joined(...parts), end: value };
    parts.push(value.slice());
  }
}
