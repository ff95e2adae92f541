import assert from "node:assert/strict";
import fc from "fast-check";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { openMessage, readMessage } from "../../../lib/sealed/message.ts";
import { fromBase64, readSealed } from "../../../lib/sealed/sealed_text.ts";
import { roomName } from "../../fakes/plain.ts";
import { adaAndBob, isKind, say, textOf } from "../../fakes/sealed_scene.ts";
import {
  faultOf,
  foundWhereverChanged,
  summaryOf,
  verdictOf,
} from "../../fakes/transcript_verdicts.ts";
import {
  exported,
  remade,
  talked,
  texts,
} from "../../fakes/vault_transcript.ts";

Deno.test("a private room's transcript: all that was said there, opened and checked by who has no key of it; receipts and records counted", async () => {
  const { hub: made, lines, messages, bob } = await talked();
  using _hub = made;
  assert.equal(messages, 3);
  assert.deepEqual(texts(lines), ["one", "two \u{1F600}", "three"]);
  const { head, sealed, ...rest } = summaryOf(lines);
  assert.deepEqual([head.room, head.by], ["vault", bob.id]);
  assert.match(head.wire ?? "", /^p-[0-9a-f]{32}$/);
  assert.deepEqual([rest.messages, rest.authors, rest.missing], [3, 2, 0]);
  assert.deepEqual(sealed?.holes, []);
  assert.equal(sealed?.unopened, 0);
  assert.ok((sealed?.others ?? 0) >= 3);
});

Deno.test("a private room's transcript: its keys open what is in it, and nothing else that was said there", async () => {
  const { hub: made, lines, ada, bob, wire } = await talked();
  using hub = made;
  await say(hub, ada, "not in it");
  await bob.hears("not in it");
  const keys = lines.flatMap((line) => JSON.parse(line).key ?? [])
    .map((key) => fromBase64(key)!);
  const verifier = new Verifier();
  const opened = hub.said.filter(isKind("m")).map((raw) => {
    const sealed = readSealed(textOf(raw));
    const start = sealed.is === "sealed" ? readMessage(sealed.body)! : null;
    const place = {
      room: roomName(wire),
      from: `${raw.from}`,
      id: `${raw.id}`,
    };
    return keys.filter((key) =>
      openMessage(place, start!, { key, verifier }).ok
    )
      .length;
  });
  assert.deepEqual(opened, [1, 1, 1, 0]);
});

Deno.test("a private room's transcript: what a relay keeps from the exporter shows by the numbers inside", async () => {
  const { hub: made, ada, bob } = await adaAndBob();
  using hub = made;
  for (const text of ["one", "two", "three"]) {
    await say(hub, ada, text);
    await bob.hears(text);
  }
  hub.shows = (raw) => raw !== hub.said.filter(isKind("m"))[1];
  const { lines, missing } = await exported(hub, bob);
  assert.equal(missing, 1);
  assert.deepEqual(summaryOf(lines).sealed?.holes, [{
    author: ada.id,
    count: 1,
  }]);
  hub.shows = () => true;
  const all = await exported(hub, bob);
  assert.deepEqual(summaryOf(all.lines).sealed?.holes, []);
});

Deno.test("a private room's transcript: over a relay without signatures, by what is sealed inside alone; said", async () => {
  const { hub: made, ada, bob } = await adaAndBob([]);
  using hub = made;
  await say(hub, ada, "one");
  await bob.hears("one");
  const { lines, messages } = await exported(hub, bob);
  assert.equal(messages, 1);
  assert.equal(summaryOf(lines).sealed?.unsigned_frames, 1);
  // Without its key nothing shows whose it is.
  const closed = remade(bob, lines, (line) => {
    const { text: _, key: __, ...rest } = line;
    return rest;
  });
  assert.match(faultOf(closed)?.reason ?? "", /signature is not its author's/);
});

Deno.test("a private room's transcript: any change of a byte is found, and any lines, in any order, throw nothing", async () => {
  const { hub: made, lines } = await talked();
  using _hub = made;
  const all = lines.join("\n");
  foundWhereverChanged(all, 300);
  fc.assert(
    fc.property(fc.shuffledSubarray([...lines], { minLength: 1 }), (some) => {
      assert.equal(verdictOf(some).ok, some.join("\n") === all);
    }),
    { numRuns: 200 },
  );
  const odd = fc.constantFrom(
    ...lines,
    '{"after":"","epoch":{"author":"","body":""}}',
    '{"after":"","epoch":null}',
    '{"after":"","frame":{"type":"direct"},"text":"x","key":"y"}',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), odd)), (some) => {
      verdictOf(some);
    }),
    { numRuns: 300 },
  );
});
