import assert from "node:assert/strict";
import fc from "fast-check";
import { agent, goodFrames } from "../../fakes/agents.ts";
import { CoreBed } from "../../fakes/core_bed.ts";
import { mutated } from "../../fakes/mutations.ts";
import { WIRE_CODES } from "../../../lib/protocol/frames.ts";

Deno.test("ingest and RelayCore: 50,000 fuzzed frames throw nothing and are answered with wire codes alone", () => {
  const bed = new CoreBed().rooms("r", "rust-agents");
  const maker = bed.maker(agent(1));
  let line = bed.login(maker);
  const codes: readonly string[] = WIRE_CODES;
  const frames = goodFrames(agent(1), bed.now.wall);
  fc.assert(
    fc.property(mutated(frames), fc.boolean(), (text, isFirst) => {
      const conn = isFirst
        ? bed.open(`10.0.0.${text.length % 250}`)
        : line.conn;
      bed.text(conn, text);
      for (const frame of bed.take(conn)) {
        if (frame.type === "error") {
          assert.ok(codes.includes(String(frame.code)));
        }
      }
      if (isFirst) bed.drop(conn);
      else if (bed.closed.has(conn)) line = bed.login(maker);
    }),
    { numRuns: 50_000 },
  );
  bed.drop(line.conn);
  bed.pass(700_000);
  bed.pass(130_000);
  const { rooms: _rooms, waiting, ...tables } = bed.core.sizes();
  assert.equal(waiting, 0);
  for (const [name, size] of Object.entries(tables)) {
    assert.equal(size, 0, name);
  }
});
