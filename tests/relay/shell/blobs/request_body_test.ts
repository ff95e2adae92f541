import assert from "node:assert/strict";
import fc from "fast-check";
import {
  framingOf,
  RequestBody,
} from "../../../../relay/shell/blobs/request_body.ts";

const ascii = (text: string) => new TextEncoder().encode(text);

/** What comes out of bytes that come in such pieces. */
function read(body: RequestBody, bytes: Uint8Array, cuts: number[]): number[] {
  const out: number[] = [];
  let from = 0;
  for (const cut of [...cuts.sort((a, b) => a - b), bytes.length]) {
    const to = Math.min(Math.max(cut, from), bytes.length);
    for (const piece of body.take(bytes.subarray(from, to))) out.push(...piece);
    from = to;
  }
  return out;
}

/** Chunks as RFC 9112 section 7.1 has them, put together by hand. */
function chunked(parts: readonly Uint8Array[], end = "0\r\n\r\n"): Uint8Array {
  const bytes: number[] = [];
  for (const part of parts) {
    bytes.push(...ascii(`${part.length.toString(16)}\r\n`), ...part);
    bytes.push(...ascii("\r\n"));
  }
  return new Uint8Array([...bytes, ...ascii(end)]);
}

const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), {
  maxLength: 8,
});
const cuts = fc.array(fc.nat(600), { maxLength: 12 });

Deno.test("RequestBody: chunks come out as they went in, however they are cut, and what is behind them does not", () => {
  fc.assert(fc.property(pieces, cuts, (parts, at) => {
    const body = new RequestBody("chunked");
    const wire = new Uint8Array([...chunked(parts), 1, 2, 3]);
    assert.deepEqual(read(body, wire, at), parts.flatMap((part) => [...part]));
    assert.deepEqual([body.isDone, body.fault], [true, null]);
  }));
});

Deno.test("RequestBody: as many bytes as the length says", () => {
  fc.assert(fc.property(fc.uint8Array(), cuts, (bytes, at) => {
    const body = new RequestBody({ length: bytes.length });
    const wire = new Uint8Array([...bytes, 9, 9]);
    assert.deepEqual(read(body, wire, at), [...bytes]);
    assert.equal(body.isDone, true);
  }));
});

Deno.test("RequestBody: it is done just when all has come", () => {
  const body = new RequestBody("chunked");
  const wire = chunked([ascii("abc")], "0;x=y\r\nTrailer: 1\r\n\r\n");
  for (const byte of wire) {
    assert.equal(body.isDone, false);
    body.take(Uint8Array.of(byte));
  }
  assert.deepEqual([body.isDone, body.fault], [true, null]);
});

Deno.test("RequestBody: what are no chunks is a fault, and nothing is read past it", () => {
  const wrong = [
    "\r\n",
    "g\r\n",
    "-1\r\n",
    "1234567890123\r\n",
    "3\r\nabcd\r\n",
    `${"1".repeat(300)}`,
    `0\r\n${"a".repeat(200) + "\r\n"}`.padEnd(3_000, `${"a".repeat(200)}\r\n`),
  ];
  for (const text of wrong) {
    const body = new RequestBody("chunked");
    body.take(ascii(text));
    assert.notEqual(body.fault, null, text.slice(0, 40));
    assert.equal(body.isDone, false);
    assert.deepEqual(body.take(ascii("3\r\nabc\r\n")), []);
  }
});

Deno.test("RequestBody: a flood of tiny chunks is a fault, some of them are none", () => {
  const tiny = (count: number) =>
    Array.from({ length: count }, () => ascii("a"));
  const few = new RequestBody("chunked");
  few.take(chunked(tiny(63)));
  assert.deepEqual([few.isDone, few.fault], [true, null]);
  const many = new RequestBody("chunked");
  many.take(chunked(tiny(65)));
  assert.match(`${many.fault}`, /too small/);
  const fair = new RequestBody("chunked");
  fair.take(chunked([...tiny(60), new Uint8Array(10_000), ...tiny(60)]));
  assert.deepEqual([fair.isDone, fair.fault], [true, null]);
});

Deno.test("RequestBody: any bytes are read without a throw", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    new RequestBody("chunked").take(bytes);
  }));
});

Deno.test("framingOf: by a length or in chunks, never by both", () => {
  const cases = [
    [{ "content-length": "12" }, { length: 12 }],
    [{ "transfer-encoding": "Chunked" }, "chunked"],
    [{ "transfer-encoding": "chunked", "content-length": "1" }, null],
    [{ "transfer-encoding": "gzip, chunked" }, null],
    [{ "content-length": "1e3" }, null],
    [{ "content-length": "-1" }, null],
    [{}, null],
  ] as const;
  for (const [headers, framing] of cases) {
    assert.deepEqual(framingOf(headers), framing);
  }
});
