import assert from "node:assert/strict";
import fc from "fast-check";
import { readHttpAnswer } from "../../../lib/local_api/http_answer.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("readHttpAnswer: status and body by length, in chunks, or up to the end", () => {
  const table: [raw: string, status: number, body: string][] = [
    ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"],
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}more", 200, "{}"],
    ["HTTP/1.0 503 \r\n\r\nto the end", 503, "to the end"],
    ["HTTP/1.1 404\r\nx: y\r\n\r\n", 404, ""],
    ["HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", 204, ""],
    [
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
      200,
      "abc0123456789",
    ],
  ];
  for (const [raw, status, body] of table) {
    const answer = readHttpAnswer(bytesOf(raw));
    assert.deepEqual([answer.status, textOf(answer.body)], [status, body]);
  }
});

Deno.test("readHttpAnswer: what is not whole is an error, never a shorter answer", () => {
  const whole = [
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
  ];
  for (const text of whole) {
    const end = text.lastIndexOf("0\r\n\r\n");
    const last = end < 0 ? text.length : end;
    for (let length = 0; length < last; length++) {
      const cut = bytesOf(text.slice(0, length));
      assert.throws(() => readHttpAnswer(cut), SyntaxError, `${length}`);
    }
  }
});

Deno.test("readHttpAnswer: total on bytes of any kind", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const head = bytesOf(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      );
      for (const bytes of [noise, new Uint8Array([...head, ...noise])]) {
        try {
          const { body } = readHttpAnswer(bytes);
          assert.ok(body.length <= bytes.length);
        } catch (error) {
          assert.ok(error instanceof SyntaxError, `${error}`);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
