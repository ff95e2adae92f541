import assert from "node:assert/strict";
import { parseRequestHead } from "../../../lib/host/http_head.ts";

const head = (...lines: string[]) => parseRequestHead(lines.join("\r\n"));

Deno.test("parseRequestHead: method, target, headers and how the body is delimited", () => {
  const get = head("GET /v2/status?a=1 HTTP/1.1", "Host: x:1", "Accept:  a ");
  assert.equal(get?.method, "GET");
  assert.equal(get?.target, "/v2/status?a=1");
  assert.equal(get?.isHttp10, false);
  assert.deepEqual([...get?.headers ?? []], [["accept", "a"], ["host", "x:1"]]);
  assert.deepEqual(get?.body, { kind: "none" });
  assert.equal(head("GET / HTTP/1.0")?.isHttp10, true);
  assert.deepEqual(head("POST / HTTP/1.1", "Content-Length: 12")?.body, {
    kind: "length",
    bytes: 12,
  });
  assert.deepEqual(head("POST / HTTP/1.1", "Content-Length: 0")?.body, {
    kind: "none",
  });
  assert.deepEqual(
    head("POST / HTTP/1.1", "Transfer-Encoding: Chunked")?.body,
    {
      kind: "chunked",
    },
  );
});

const NONE: Readonly<Record<string, readonly string[]>> = {
  "no line": [""],
  "no version": ["GET /"],
  "another version": ["GET / HTTP/2.0"],
  "a method in small letters": ["get / HTTP/1.1"],
  "an absolute target": ["GET http://x/ HTTP/1.1"],
  "a target with a space": ["GET /a b HTTP/1.1"],
  "a target beyond ASCII": ["GET /é HTTP/1.1"],
  "a TLS hello": ["\x16\x03\x01\x02\0\x01"],
  "a header without a colon": ["GET / HTTP/1.1", "Host"],
  "a space before the colon": ["GET / HTTP/1.1", "Host : x"],
  "a folded header": ["GET / HTTP/1.1", "A: b", " c"],
  "a bare line feed in a value": ["GET / HTTP/1.1", "A: b\nHost: evil"],
  "a bare return in a value": ["GET / HTTP/1.1", "A: b\rc"],
  "a NUL in a value": ["GET / HTTP/1.1", "A: b\0c"],
  "two lengths": ["POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"],
  "one length twice": [
    "POST / HTTP/1.1",
    "Content-Length: 1",
    "Content-Length: 1",
  ],
  "a signed length": ["POST / HTTP/1.1", "Content-Length: +1"],
  "a length and chunks": [
    "POST / HTTP/1.1",
    "Content-Length: 1",
    "Transfer-Encoding: chunked",
  ],
  "another coding": ["POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked"],
};
for (const [name, lines] of Object.entries(NONE)) {
  Deno.test(`parseRequestHead: ${name} is none`, () => {
    assert.equal(head(...lines), null);
  });
}
