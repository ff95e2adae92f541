import assert from "node:assert/strict";
import type { Digest } from "../../../lib/local_api/types/digest.ts";
import {
  DIGEST_BYTES,
  digestList,
} from "../../../lib/rendering/digest_text.ts";
import { byteLength, fitBytes } from "../../../lib/rendering/fit_bytes.ts";
import { NOW, someMessage } from "../../fakes/api_values.ts";
import { HOSTILE_TEXTS } from "../../fakes/hostile_text.ts";

const context = { randomBytes: (count: number) => new Uint8Array(count) };

function digestOf(
  texts: readonly string[],
  names: readonly string[] = ["bob"],
): Digest {
  const told = texts.map((text, at) =>
    someMessage({
      ...{
        text,
        short_id: `abcdef${at}`,
        from: `${at % names.length}`.repeat(44),
      },
      from_name: names[at % names.length] ?? "",
    })
  );
  const part = { count: 99, told };
  return {
    ...{ count: 250, since: NOW - 3_600_000, until: NOW },
    rooms: told.slice(0, 1).map(({ room }) => ({ name: room, count: 250 })),
    authors: { count: 99, told: told.map((last) => ({ count: 3, last })) },
    ...{ mentions: part, questions: part },
  };
}

Deno.test("digestList: in 2,000 bytes, the counts always, then the newest of each part", () => {
  const digest = digestOf(Array(20).fill("漢字 ".repeat(30)));
  const fitted = fitBytes(
    digestList(context, digest, "agentnet messages"),
    DIGEST_BYTES,
  );
  const text = fitted?.text ?? "";
  assert.ok(byteLength(text) <= DIGEST_BYTES && byteLength(text) > 1_000);
  assert.match(
    text,
    /\n250 messages, 2027-01-15 07:00 to 08:00 UTC, #tea 250\n/,
  );
  assert.match(text, /\nsaid: bob·00000000 ✓ 3, .*, 9\d others 2\d\d\n/);
  assert.match(text, /\nfor you, 99, the newest:\nabcdef1\d /);
  assert.match(
    text,
    /\nopen questions, 99, the newest:\n.*\nthe last of each:\n/s,
  );
  assert.match(text, /\nread: agentnet messages\n$/);
});

Deno.test("digestList: nothing to tell is one line", () => {
  const none = { count: 0, told: [] };
  const digest = {
    count: 0,
    rooms: [],
    authors: none,
    mentions: none,
    questions: none,
  };
  const list = digestList(context, digest, "agentnet messages");
  assert.equal(list.render(20), "no messages\n");
});

Deno.test("digestList: hostile texts and names stay in their lines, two of one name with their keys", () => {
  const lines = (digest: Digest) =>
    digestList(context, digest, "x").render(20).split("\n").length;
  const plain = lines(digestOf(["one", "two"]));
  for (const { text, kind } of HOSTILE_TEXTS) {
    assert.equal(lines(digestOf([text, text], [text, "bob"])), plain, kind);
  }
  const shown = digestList(
    context,
    digestOf(["one", "two"], ["bob", "b0b"]),
    "x",
  ).render(20);
  const told = shown.split("\n").filter((line) => line.startsWith("abcdef"));
  assert.ok(told.every((line) => /b.b·(0{8}|1{8}) ✓: /.test(line)), shown);
});
