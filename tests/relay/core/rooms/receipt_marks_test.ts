import assert from "node:assert/strict";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";

const REFUSED = ["INVALID_MESSAGE"];
const FEATURES = { features: ["ack", "marks"] };

function inTea(count: number, more: object = FEATURES) {
  const bed = new CoreBed().rooms("tea", "lab");
  const lines = Array.from({ length: count }, (_, n) => {
    const line = bed.login(bed.maker(agent(n + 1)), { ...more });
    bed.ask(line, line.maker.join("tea"));
    return line;
  });
  for (const { conn } of lines) bed.take(conn);
  return { bed, lines: lines as [BedLine, BedLine, BedLine] };
}

const marks = (line: BedLine, to: readonly BedLine[], more: object = {}) =>
  line.maker.frame({
    ...{ type: "marks", room: "tea", from: line.maker.id },
    marks: to.map(({ maker }) => ({
      author: maker.id,
      delivered: ["m1"],
      shown: [],
    })),
    ...more,
  });

Deno.test("passMarks: to the authors that it names, as it was signed, and to nobody else", () => {
  const { bed, lines: [ann, ben, cleo] } = inTea(3);
  const text = marks(ben, [ann]);
  assert.deepEqual(bed.ask(ben, text), []);
  assert.deepEqual(bed.take(ann.conn), [JSON.parse(text)]);
  assert.deepEqual(bed.take(cleo.conn), []);
  // The same once more is a replay.
  bed.ask(ben, text);
  assert.deepEqual(bed.take(ann.conn), []);
});

Deno.test("passMarks: nothing from outside the room, in another's name, to who did not ask for the feature, or in a large room", () => {
  const { bed, lines: [ann, ben] } = inTea(2);
  const out = bed.login(bed.maker(agent(9)), FEATURES);
  bed.ask(out, marks(out, [ann]));
  bed.ask(ben, marks(ben, [ann], { from: out.maker.id }));
  bed.ask(ben, marks(ben, [ann], { room: "lab" }));
  bed.ask(ben, marks(ben, [ben]));
  assert.deepEqual([bed.take(ann.conn), bed.take(ben.conn)], [[], []]);
  const plain = inTea(2, { features: ["ack"] });
  plain.bed.ask(plain.lines[1], marks(plain.lines[1], [plain.lines[0]]));
  assert.deepEqual(plain.bed.take(plain.lines[0].conn), []);
  const full = inTea(16);
  full.bed.ask(full.lines[1], marks(full.lines[1], [full.lines[0]]));
  assert.equal(full.bed.take(full.lines[0].conn).length, 1);
  const over = inTea(17);
  over.bed.ask(over.lines[1], marks(over.lines[1], [over.lines[0]]));
  assert.deepEqual(over.bed.take(over.lines[0].conn), []);
});

Deno.test("takeMarks: 300 a minute, and no more authors or ids than a frame may name", () => {
  const { bed, lines: [ann, ben] } = inTea(2);
  for (let n = 0; n < 310; n++) bed.ask(ben, marks(ben, [ann]));
  assert.equal(bed.take(ann.conn).length, 300);
  const many = Array(101).fill("m");
  const wide = [{ author: ann.maker.id, delivered: many, shown: [] }];
  assert.deepEqual(bed.ask(ben, marks(ben, [], { marks: wide })), REFUSED);
  const crowd = Array(17).fill({
    author: ann.maker.id,
    delivered: [],
    shown: [],
  });
  assert.deepEqual(bed.ask(ben, marks(ben, [], { marks: crowd })), REFUSED);
});
