import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import { ViewGiver } from "../../../relay/cluster/view_giver.ts";
import {
  parseViewWords,
  VIEW_SUBJECTS,
  type ViewFrame,
  writeViewWords,
} from "../../../relay/cluster/view_frames.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeBus, FakeViewDisk, hashOf, LOG } from "../../fakes/view_bed.ts";

const VIEW = Uint8Array.of(1, 2, 3);
const ASKER = "asker0001";

/** A relay that gives its view, and one who says what a test wants. */
function bed() {
  const clock = new FakeClock();
  const bus = new FakeBus(clock);
  const disk = new FakeViewDisk(VIEW);
  let tokens = 0;
  const giver = new ViewGiver({
    ...{ bus, clock, disks: disk, node: "a", log: LOG, logger: silentLogger },
    token: () => `copy${String(++tokens).padStart(6, "0")}`,
  });
  const heard: ViewFrame[] = [];
  const to = VIEW_SUBJECTS.to("answer0001");
  bus.hear(to, (bytes) => {
    const words = parseViewWords(bytes);
    if (words !== null) heard.push(words.frame);
  });
  /** What is answered to it. */
  const say = async (subject: string, frame: ViewFrame, reply = to) => {
    bus.say(subject, writeViewWords(frame), reply);
    await clock.advance(1);
    return heard.splice(0);
  };
  const at = VIEW_SUBJECTS.at("copy000001");
  const open = (asker = ASKER) => say(at, { type: "open", asker });
  return { clock, bus, disk, giver, say, at, open };
}

const want = (log = LOG): ViewFrame => ({ type: "want", log, asker: ASKER });
const MADE = {
  type: "made",
  copy: "copy000002",
  size: 3,
  sha256: hashOf(VIEW),
};

Deno.test("ViewGiver: it offers the view of its own log alone, and answers nowhere but where askers hear", async () => {
  const { say, bus, giver } = bed();
  const offer = { type: "offer", node: "a", at: "copy000001" };
  assert.deepEqual(await say(VIEW_SUBJECTS.want, want()), [offer]);
  assert.deepEqual(await say(VIEW_SUBJECTS.want, want("other")), []);
  const before = bus.said.length;
  for (const reply of ["", "an.log", "_INBOX.x", VIEW_SUBJECTS.want]) {
    await say(VIEW_SUBJECTS.want, want(), reply);
  }
  assert.equal(bus.said.length, before + 4);
  giver.stop();
  assert.deepEqual(await say(VIEW_SUBJECTS.want, want()), []);
  assert.equal(bus.subjects, 1);
});

Deno.test("ViewGiver: a copy is made once for who asks, and others are told that it is busy until it is closed", async () => {
  const { say, at, open, disk } = bed();
  assert.deepEqual(await open(), [{ type: "making" }]);
  assert.deepEqual(await open(), [MADE]);
  const other = { ...want(), asker: "asker0002" } as ViewFrame;
  assert.deepEqual(await say(VIEW_SUBJECTS.want, other), [
    { type: "busy", node: "a" },
  ]);
  assert.equal((await open("asker0002"))[0]?.type, "failed");
  assert.deepEqual(
    await say(at, { type: "read", copy: "copy000002", offset: 1 }),
    [{ type: "piece", copy: "copy000002", offset: 1 }],
  );
  await say(at, { type: "close", copy: "copy000009" });
  assert.equal(disk.borrowers, 1);
  await say(at, { type: "close", copy: "copy000002" });
  assert.deepEqual([disk.isMade, disk.borrowers], [false, 0]);
  const [gone] = await say(at, { type: "read", copy: "copy000002", offset: 0 });
  assert.equal(gone?.type, "failed");
  assert.deepEqual(await open("asker0002"), [{ type: "making" }]);
});

Deno.test("ViewGiver: a copy that nobody asks for any more goes after 30 s, and with the relay's service at once", async () => {
  const { open, disk, clock, giver } = bed();
  await open();
  await clock.advance(29_000);
  assert.deepEqual(await open(), [MADE]);
  await clock.advance(29_000);
  assert.equal(disk.isMade, true);
  await clock.advance(1_000);
  assert.deepEqual([disk.isMade, disk.borrowers], [false, 0]);
  await open();
  giver.stop();
  await clock.advance(1);
  assert.deepEqual([disk.isMade, disk.borrowers, clock.pending], [false, 0, 0]);
});

Deno.test("ViewGiver: why a copy can't be made its asker is told once, and the next try begins anew", async () => {
  const { open, disk, say, at } = bed();
  disk.trouble = `no space ${"x".repeat(1_000)}`;
  assert.deepEqual(await open(), [{ type: "making" }]);
  const [failed] = await open();
  assert.ok(failed?.type === "failed" && /^no space x+$/.test(failed.reason));
  assert.equal(disk.borrowers, 0);
  disk.trouble = null;
  await open();
  assert.deepEqual(await open(), [{ ...MADE, copy: "copy000003" }]);
  disk.trouble = "the disk failed";
  const read = { type: "read", copy: "copy000003", offset: 0 } as const;
  assert.deepEqual(await say(at, read), []);
  assert.equal((await say(at, read))[0]?.type, "failed");
  assert.equal(disk.borrowers, 0);
});

Deno.test("ViewGiver: however often pieces are asked for, a few are read at once, and none behind the end", async () => {
  const { open, disk, say, at, bus } = bed();
  await open();
  await open();
  const read = (offset: number) =>
    say(at, { type: "read", copy: "copy000002", offset });
  for (let i = 0; i < 20; i++) assert.equal((await read(i % 3)).length, 1);
  assert.deepEqual(await read(3), []);

  const held: (() => void)[] = [];
  disk.read = () =>
    new Promise((resolve) => void held.push(() => resolve(VIEW)));
  for (let i = 0; i < 20; i++) assert.deepEqual(await read(0), []);
  assert.equal(held.length, 8);
  const before = bus.said.length;
  for (const answer of held.splice(0)) answer();
  await read(0);
  assert.equal(bus.said.length, before + 8 + 1);
  assert.equal(held.length, 1);
});

Deno.test("ViewGiver: what becomes of a piece of an earlier copy says nothing of the one after it", async () => {
  const { open, disk, say, at } = bed();
  await open();
  await open();
  const failing = Promise.withResolvers<Uint8Array>();
  disk.read = () => failing.promise;
  const piece = { type: "read", copy: "copy000002", offset: 0 } as const;
  await say(at, piece);
  await say(at, { type: "close", copy: "copy000002" });
  await open("asker0002");
  failing.reject(new Error("there is no such copy any more"));
  assert.deepEqual(await open("asker0002"), [{ ...MADE, copy: "copy000003" }]);
  assert.equal(disk.borrowers, 1);
});
