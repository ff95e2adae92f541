import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeHistoryMessage,
  decodeRelayFrame,
} from "../../../lib/protocol/decode_relay_frame.ts";
import { agent, goodFrames, goodRelayFrames } from "../../fakes/agents.ts";
import { mutated } from "../../fakes/mutations.ts";

const sei = agent(1);

Deno.test("decodeRelayFrame: takes a good frame of every kind", () => {
  for (const text of goodRelayFrames(sei)) {
    const decoded = decodeRelayFrame(text);
    assert.ok(decoded.ok, text);
    assert.equal(decoded.frame.type, JSON.parse(text).type);
  }
});

Deno.test("decodeRelayFrame: total on 100,000 mutated frames", () => {
  fc.assert(
    fc.property(mutated(goodRelayFrames(sei)), (text) => {
      const decoded = decodeRelayFrame(text);
      assert.equal(typeof decoded.ok, "boolean");
    }),
    { numRuns: 100_000 },
  );
});

Deno.test("decodeRelayFrame: an unknown type is for the caller to ignore, unknown fields are dropped", () => {
  const unknown = decodeRelayFrame('{"type":"room.renamed","x":0.5}');
  assert.ok(unknown.ok);
  assert.equal(unknown.frame.type, "unknown");
  const pong = decodeRelayFrame('{"type":"pong","load":0.5}');
  assert.ok(pong.ok);
  assert.deepEqual(pong.frame, { type: "pong" });
});

Deno.test("decodeRelayFrame: absent, null and [] mean the same for every list", () => {
  for (
    const tail of ["", ',"tags":null,"members":null', ',"tags":[],"members":[]']
  ) {
    const decoded = decodeRelayFrame(
      `{"type":"room.joined","room":"r","topic":""${tail}}`,
    );
    assert.ok(decoded.ok && decoded.frame.type === "room.joined");
    assert.deepEqual([decoded.frame.tags, decoded.frame.members], [[], []]);
  }
  const list = decodeRelayFrame('{"type":"rooms.list.result","rooms":null}');
  assert.ok(list.ok && list.frame.type === "rooms.list.result");
  assert.deepEqual([list.frame.rooms, list.frame.has_more], [[], false]);
});

Deno.test("decodeRelayFrame: wrong types and endless lists are refused", () => {
  for (
    const text of [
      '{"type":"pow.challenge","challenge":"","difficulty":1}',
      '{"type":"pow.challenge","challenge":"c","difficulty":-1}',
      '{"type":"pow.challenge","challenge":"c","difficulty":1.5}',
      '{"type":"room.joined","room":"Not A Room"}',
      '{"type":"room.joined","room":"r","members":[5]}',
      '{"type":"error","code":5}',
      '{"type":"message.ack","id":"1","seq":-1,"received_at":1}',
      `{"type":"room.history.result","room":"r","messages":[${
        "{},".repeat(200)
      }{}]}`,
      `{"type":"pow.challenge","challenge":"${
        "c".repeat(301)
      }","difficulty":1}`,
    ]
  ) {
    assert.equal(decodeRelayFrame(text).ok, false, text);
  }
});

Deno.test("decodeHistoryMessage: a row without nonce and signature is taken, for its reader to call unverified", () => {
  const { nonce: _n, signature: _s, ...row } = JSON.parse(
    goodFrames(sei)[8] as string,
  );
  const decoded = decodeHistoryMessage(row);
  assert.ok(decoded.ok);
  assert.deepEqual([decoded.frame.nonce, decoded.frame.signature], ["", ""]);
  assert.equal(decodeHistoryMessage({ type: "message" }).ok, false);
});

Deno.test("decodeHistoryMessage: a kind that is unknown or no text says nothing, and loses no message", () => {
  const row = JSON.parse(goodFrames(sei)[8] as string);
  const kindOf = (kind: unknown) => {
    const decoded = decodeHistoryMessage({ ...row, kind });
    assert.ok(decoded.ok, `${kind}`);
    return decoded.frame.kind;
  };
  assert.deepEqual(["question", "claim"].map(kindOf), ["question", "claim"]);
  for (const kind of ["vote", "", 7, null, {}, "__proto__", ["claim"]]) {
    assert.equal(kindOf(kind), undefined, `${kind}`);
  }
});

Deno.test("decodeRelayFrame: 1 MB of wrong items costs no more than ten times the reading of right ones", () => {
  const time = (text: string) => {
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now();
      decodeRelayFrame(text);
      return performance.now() - from;
    });
    return Math.min(...times);
  };
  const joined = (item: string, count: number) =>
    `{"type":"room.joined","room":"tea","members":[${
      new Array(count).fill(item).join(",")
    }]}`;
  const right = time(joined('{"id":"a","name":"b"}', 20_000));
  for (const item of ["1", "{}", '""', "null", "[]"]) {
    const wrong = time(joined(item, Math.floor(900_000 / (item.length + 1))));
    assert.ok(wrong <= 10 * right, `${item}: ${wrong} ms, ${right} ms`);
  }
});
