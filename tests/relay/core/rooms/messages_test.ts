import assert from "node:assert/strict";
import { Verifier } from "../../../../lib/protocol/verifying.ts";
import { deliveredBytes } from "../../../../lib/protocol/signing.ts";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";

function together(bed: CoreBed, count: number): BedLine[] {
  bed.rooms("r");
  const lines = Array.from(
    { length: count },
    (_, i) => bed.login(bed.maker(agent(i + 1))),
  );
  for (const line of lines) bed.ask(line, line.maker.join("r"));
  for (const line of lines) bed.take(line.conn);
  return lines;
}

Deno.test("Messages: stored, then delivered as it came in with the relay's fields, then acknowledged", () => {
  const bed = new CoreBed();
  const [a, b] = together(bed, 2) as [BedLine, BedLine];
  bed.isHeld = true;
  const text = a.maker.message("r", '<b> & "q" \u2028 漢字 😀 }', {
    reply_to: "x",
    extra: { deep: [1, "}"] },
  });
  bed.text(a.conn, ` ${text}\n `);
  bed.text(a.conn, '{"type":"ping"}');
  assert.deepEqual([...bed.take(a.conn), ...bed.take(b.conn)], []);
  bed.release();
  const [got] = bed.take(b.conn);
  assert.deepEqual(got, {
    ...JSON.parse(text),
    from_name: a.maker.id.slice(0, 4),
    seq: 1,
    received_at: bed.now.wall,
  });
  const bytes = deliveredBytes(got ?? {});
  assert.ok(new Verifier().verify(a.maker.id, String(got?.signature), bytes));
  assert.deepEqual(bed.types(a.conn), ["message.ack", "pong"]);
});

Deno.test("Messages: a failed commit is an error to the sender and a delivery to nobody", () => {
  const bed = new CoreBed();
  const [a, b] = together(bed, 2) as [BedLine, BedLine];
  bed.store.isBroken = true;
  bed.text(a.conn, a.maker.message("r", "x", { id: "one" }));
  const [error] = bed.take(a.conn);
  assert.equal(error?.code, "RATE_LIMITED");
  assert.equal(error?.ref, "one");
  assert.equal(error?.retry_after_ms, 2_000);
  assert.deepEqual(bed.types(b.conn), []);
});

Deno.test("Messages: the same id and text is acknowledged again, delivered once; another text is refused", () => {
  const bed = new CoreBed();
  const [a, b] = together(bed, 2) as [BedLine, BedLine];
  const again = (text: string) =>
    bed.ask(a, a.maker.message("r", text, { id: "one" }));
  assert.deepEqual(again("x"), ["message.ack"]);
  assert.deepEqual(again("x"), ["message.ack"]);
  assert.deepEqual(again("y"), ["INVALID_MESSAGE"]);
  assert.deepEqual(bed.types(b.conn), ["message"]);
  bed.ask(b, b.maker.message("r", "x", { id: "one" }));
  assert.deepEqual(bed.types(a.conn), ["message"]);
});

Deno.test("Messages: refused ones, each with its code and ref", () => {
  const bed = new CoreBed();
  const [a, b] = together(bed, 2) as [BedLine, BedLine];
  const c = bed.login(bed.maker(agent(9)));
  const cases: [BedLine, string, string][] = [
    [a, a.maker.message("r", "x", { from: b.maker.id }), "AUTH_FAILED"],
    [a, b.maker.message("r", "x"), "AUTH_FAILED"],
    [a, a.maker.message("nix", "x"), "ROOM_NOT_FOUND"],
    [c, c.maker.message("r", "x"), "NOT_IN_ROOM"],
    [a, a.maker.message("R", "x"), "INVALID_MESSAGE"],
    [a, a.maker.message("r", "x", { seq: 1 }), "INVALID_MESSAGE"],
    [a, '{"type":"nix"}', "UNKNOWN_TYPE"],
  ];
  for (const [line, text, code] of cases) {
    assert.deepEqual(bed.ask(line, text), [code], text);
  }
  bed.binary(a.conn);
  assert.deepEqual(bed.types(a.conn), ["INVALID_MESSAGE"]);
  assert.equal(bed.closed.size, 0);
  assert.deepEqual(bed.types(b.conn), []);
});

Deno.test("Messages: a client that asked for nothing gets no ack and no ref", () => {
  const bed = new CoreBed().rooms("r");
  const plain = bed.login(bed.maker(agent(1)), { features: null });
  bed.ask(plain, plain.maker.join("r"));
  assert.deepEqual(bed.ask(plain, plain.maker.message("r", "x")), []);
  bed.text(plain.conn, plain.maker.message("nix", "x"));
  assert.equal("ref" in (bed.take(plain.conn)[0] ?? {}), false);
});

Deno.test("RelayCore: frames of one connection take effect in order, messages pipelined, the rest behind them", () => {
  const bed = new CoreBed();
  const [a, b] = together(bed, 2) as [BedLine, BedLine];
  bed.isHeld = true;
  for (const id of ["1", "2"]) {
    bed.text(a.conn, a.maker.message("r", id, { id }));
  }
  bed.text(a.conn, a.maker.message("nix", "3", { id: "3" }));
  bed.text(a.conn, '{"type":"ping"}');
  bed.text(a.conn, a.maker.leave("r"));
  bed.text(a.conn, a.maker.message("r", "4", { id: "4" }));
  bed.text(a.conn, '{"type":"ping"}');
  assert.equal(bed.core.backlog(a.conn), 6);
  bed.release(1);
  assert.deepEqual(bed.types(b.conn), ["message"]);
  assert.deepEqual(bed.types(a.conn), ["ROOM_NOT_FOUND", "message.ack"]);
  bed.release();
  assert.deepEqual(bed.types(b.conn), ["message", "room.member_left"]);
  assert.deepEqual(bed.types(a.conn), [
    "message.ack",
    "pong",
    "NOT_IN_ROOM",
    "pong",
  ]);
  assert.equal(bed.core.backlog(a.conn), 0);
});

Deno.test("Messages: history shows the signed frames, to members alone", () => {
  const bed = new CoreBed();
  const [a] = together(bed, 1) as [BedLine];
  const c = bed.login(bed.maker(agent(9)));
  const sent = [1, 2, 3].map((n) => a.maker.message("r", `t${n}`));
  for (const text of sent) bed.ask(a, text);
  const ask = (line: BedLine, more: Record<string, unknown>) => {
    bed.text(
      line.conn,
      line.maker.frame({ type: "room.history", room: "r", ...more }),
    );
    return bed.take(line.conn).at(-1);
  };
  const page = ask(a, { after_seq: 1, limit: 1 });
  assert.equal(page?.has_more, true);
  assert.deepEqual(page?.messages, [{
    ...JSON.parse(sent[1] ?? ""),
    from_name: a.maker.id.slice(0, 4),
    seq: 2,
    received_at: bed.now.wall,
  }]);
  assert.equal(ask(c, {})?.code, "NOT_IN_ROOM");
  assert.equal(ask(c, { room: "nix" })?.code, "ROOM_NOT_FOUND");
});

Deno.test("Messages: with history off it is neither announced nor answered", () => {
  const bed = new CoreBed({ history: "off" }).rooms("r");
  const line = bed.login(bed.maker(agent(1)));
  bed.ask(line, line.maker.join("r"));
  const frame = line.maker.frame({ type: "room.history", room: "r" });
  assert.deepEqual(bed.ask(line, frame), ["UNKNOWN_TYPE"]);
});

Deno.test("Messages: who only watches hears of each stored message once, and of no refused one", () => {
  const bed = new CoreBed();
  const [a] = together(bed, 1) as [BedLine];
  const text = a.maker.message("r", "hello", { id: "one" });
  bed.text(a.conn, text);
  bed.text(a.conn, a.maker.message("r", "hello", { id: "one" }));
  bed.text(a.conn, a.maker.message("nix", "hello", { id: "two" }));
  assert.deepEqual(
    bed.said.map(({ seq, frame }) => [seq, frame]),
    [[1, text]],
  );
});
