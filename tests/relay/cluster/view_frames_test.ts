import assert from "node:assert/strict";
import {
  parseViewWords,
  type ViewFrame,
  writeViewWords,
} from "../../../relay/cluster/view_frames.ts";
import { VIEW_PIECE_BYTES } from "../../../relay/view_copy/copy_port.ts";

const TOKEN = "0123456789abcdefABCDEF0123456789";
const FRAMES: readonly ViewFrame[] = [
  { type: "want", log: "2026-01-01T00:00:00.1Z", asker: TOKEN },
  { type: "offer", node: "a-1", at: TOKEN },
  { type: "busy", node: "b" },
  { type: "open", asker: TOKEN },
  { type: "making" },
  { type: "made", copy: TOKEN, size: 2 ** 40, sha256: "0f".repeat(32) },
  { type: "read", copy: TOKEN, offset: 0 },
  { type: "piece", copy: TOKEN, offset: VIEW_PIECE_BYTES },
  { type: "close", copy: TOKEN },
  { type: "failed", reason: "no space left\non the disk" },
];

Deno.test("writeViewWords, parseViewWords: each kind comes back as it was said, a piece with its bytes", () => {
  for (const frame of FRAMES) {
    const isPiece = frame.type === "piece";
    const bytes = new Uint8Array(isPiece ? VIEW_PIECE_BYTES : 0).fill(10);
    assert.deepEqual(parseViewWords(writeViewWords(frame, bytes)), {
      frame,
      bytes,
    });
  }
});

Deno.test("parseViewWords: what is none of these is nothing", () => {
  const good = { v: 1, type: "read", copy: TOKEN, offset: 1 };
  const others: unknown[] = [
    ...[{ v: 2 }, { v: undefined }, { type: "toString" }, { type: 1 }],
    ...[{ copy: "an.log" }, { copy: "*" }, { copy: ">" }, { copy: "" }],
    ...[{ copy: "a".repeat(65) }, { copy: [TOKEN] }],
    ...[{ offset: -1 }, { offset: 0.5 }, { offset: "1" }, { offset: 2 ** 53 }],
  ].map((other) => ({ ...good, ...other }));
  others.push(
    ...[null, 1, "read", [], { v: 1, type: "offer", node: "A b", at: TOKEN }],
    ...[0, -1, 2 ** 40 + 1].map((size) => ({
      ...{ v: 1, type: "made", copy: TOKEN, size, sha256: "0".repeat(64) },
    })),
    { v: 1, type: "made", copy: TOKEN, size: 1, sha256: "../view" },
    { v: 1, type: "failed", reason: "x".repeat(401) },
  );
  const utf8 = new TextEncoder();
  const heads = [
    ...others.map((other) => `${JSON.stringify(other)}\n`),
    ...["", "\n", "{", JSON.stringify(good), "{}\n"],
    `${" ".repeat(4_096)}${JSON.stringify(good)}\n`,
    `${JSON.stringify(good)}\nmore`,
  ];
  for (const head of heads) {
    assert.equal(parseViewWords(utf8.encode(head)), null, head);
  }
  assert.equal(parseViewWords(Uint8Array.of(0xff, 10)), null);
  const piece = { type: "piece", copy: TOKEN, offset: 0 } as const;
  const large = new Uint8Array(VIEW_PIECE_BYTES + 1);
  assert.equal(parseViewWords(writeViewWords(piece, large)), null);
  assert.ok(parseViewWords(utf8.encode(`${JSON.stringify(good)}\n`)));
});
