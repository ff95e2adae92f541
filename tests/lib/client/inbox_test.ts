import process from "node:process";
import assert from "node:assert/strict";
import fc from "fast-check";
import { Inbox, type InboxEvent } from "../../../lib/client/inbox.ts";
import type { TransportEnd } from "../../../lib/client/transport.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeTransport } from "../../fakes/fake_transport.ts";

/** A clock on which each frame that is read takes so many milliseconds. */
class SlowReading extends FakeClock {
  ms = 0;
  #read = 0;

  override monotonic(): number {
    return super.monotonic() + this.#read;
  }

  read(): void {
    this.#read += this.ms;
  }
}

/** A pushed message of this text. */
function pushed(text: string): string {
  return JSON.stringify({
    ...{ type: "message", id: "1", room: "tea", from: "A", timestamp: 1 },
    ...{ content: { type: "text", text }, nonce: "", signature: "" },
  });
}

/** What an event is noted as. */
function lineOf(event: InboxEvent): string {
  switch (event.kind) {
    case "frame":
      return event.frame.type === "message"
        ? event.frame.content.text
        : event.frame.type;
    case "ended":
      return `ended ${event.end.code}`;
    default:
      return event.kind;
  }
}

function rig(msAFrame = 0) {
  const clock = new SlowReading();
  clock.ms = msAFrame;
  const seen: string[] = [];
  const reasons: string[] = [];
  let thrown: { readonly error: Error; readonly at: number } | undefined;
  const note = (line: string) => {
    seen.push(line);
    clock.read();
    if (thrown?.at === seen.length - 1) throw thrown.error;
  };
  const inbox = new Inbox({
    clock,
    dropped: (reason) => {
      if (reason === "binary frame") note("refused binary");
      else reasons.push(reason);
    },
  });
  const transport = new FakeTransport("ws://relay.test", inbox);
  inbox.open(transport);
  const read = (event: InboxEvent) => {
    if (event.kind === "ended") reasons.push(event.end.reason);
    note(lineOf(event));
  };
  const peer = {
    text: (text: string) => inbox.text(pushed(text)),
    refused: (reason: "binary") => inbox.refused(reason),
    ended: (end: TransportEnd) => inbox.ended(end),
    stop: () => inbox.close(),
  };
  return {
    ...{ clock, seen, reasons, inbox, transport, peer, read },
    /** Throws when the event of this place is read. */
    throwOnce: (error: Error, at: number) => thrown = { error, at },
  };
}

/** One whose events are read as they come. */
function readRig(msAFrame = 0) {
  const made = rig(msAFrame);
  made.inbox.listen(made.read);
  return made;
}

Deno.test("Inbox: what comes one by one is passed on at once", async () => {
  const { peer, seen, clock } = readRig();
  for (const text of ["a", "b", "c"]) peer.text(text);
  assert.deepEqual(seen, ["a", "b", "c"]);
  await clock.advance(10);
  assert.equal(clock.pending, 0, "no timer stays");
});

Deno.test("Inbox: past a slice of 2 ms the rest waits its turn, and others have theirs in between", async () => {
  const { peer, seen, clock } = readRig(0.8);
  for (let n = 0; n < 10; n++) peer.text(`${n}`);
  peer.ended({ code: 1006, reason: "" });
  assert.equal(seen.length, 3, "0.8, 1.6, 2.4 ms");
  const lengths: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    clock.after(0, () => lengths.push(seen.length));
  }
  await clock.advance(100);
  assert.deepEqual(
    seen,
    [...Array(10).keys()].map(String).concat("ended 1006"),
  );
  assert.ok(lengths[0]! < 10, "somebody else was served before it was over");
  assert.equal(clock.pending, 0);
});

Deno.test("Inbox: any events at any speed come out whole and in order", async () => {
  const events = fc.array(
    fc.record({
      ms: fc.integer({ min: 0, max: 9 }),
      kind: fc.constantFrom("text", "binary", "wait"),
    }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(events, async (list) => {
      const { peer, seen, clock } = readRig();
      const wanted: string[] = [];
      for (const [n, { ms, kind }] of list.entries()) {
        clock.ms = ms;
        if (kind === "wait") await clock.advance(1);
        else if (kind === "binary") {
          wanted.push("refused binary");
          peer.refused("binary");
        } else {
          wanted.push(`${n}`);
          peer.text(`${n}`);
        }
      }
      peer.ended({ code: 1000, reason: "" });
      await clock.advance(1_000);
      assert.deepEqual(seen, [...wanted, "ended 1000"]);
    }),
    { numRuns: 100 },
  );
});

Deno.test("Inbox: past 8 MB that wait frames go by unread, which is told once, in its place", async () => {
  const { peer, seen, clock } = readRig(10);
  const large = "x".repeat(1024 * 1024);
  for (let n = 0; n < 20; n++) peer.text(large);
  await clock.advance(1_000);
  assert.equal(seen.filter((one) => one === "overrun").length, 1);
  assert.equal(seen.at(-1), "overrun");
  const read = seen.length - 1;
  assert.ok(read >= 8 && read <= 10, `${read}`);
  peer.text("after");
  await clock.advance(10);
  assert.equal(seen.at(-1), "after");
});

Deno.test("Inbox: frames that are no text are bounded too", async () => {
  const { peer, seen, clock } = readRig(10);
  for (let n = 0; n < 100_000; n++) peer.refused("binary");
  await clock.advance(1_000_000);
  assert.ok(seen.length < 50_000, `${seen.length}`);
  assert.equal(seen.at(-1), "overrun");
});

Deno.test("Inbox.close: nothing more is passed on, nothing waits", async () => {
  const { inbox, peer, seen, clock } = readRig(10);
  peer.text("a");
  peer.text("b");
  peer.stop();
  peer.text("c");
  inbox.hold();
  assert.equal(clock.pending, 0);
  await clock.advance(100);
  assert.deepEqual(seen, ["a"]);
});

for (
  const [when, before] of [["at once", 0], ["in a later slice", 2]] as const
) {
  Deno.test(`Inbox: what the reader throws ${when} ends the transport, and is told as the last`, async () => {
    const rig = readRig(10);
    const { peer, inbox, transport, clock, reasons, seen } = rig;
    for (let n = 0; n < before; n++) peer.text(`${n}`);
    rig.throwOnce(new Error("a fault of ours"), before);
    peer.text("thrown at");
    peer.text("what waits behind it");
    await clock.advance(100);
    assert.deepEqual(seen.slice(before), ["thrown at", "ended 1006"]);
    assert.match(reasons.join(), /internal: .*a fault of ours/);
    assert.ok(transport.closed);
    assert.equal(inbox.send("more"), false);
  });
}

Deno.test("Inbox.next: one event at a time, and what comes meanwhile is kept in order", async () => {
  const { inbox, peer, read, seen } = rig();
  for (const text of ["a", "b"]) peer.text(text);
  assert.equal(lineOf(await inbox.next()), "a");
  peer.text("c");
  assert.equal(lineOf(await inbox.next()), "b");
  inbox.text("no frame");
  inbox.text('{"type":"of tomorrow"}');
  inbox.listen(read);
  assert.deepEqual(seen, ["c"]);
});

Deno.test("Inbox.hold: pushes wait for the next turn in order, answers go past them", async () => {
  const { inbox, peer, seen, clock } = readRig();
  inbox.hold();
  peer.text("a");
  inbox.text('{"type":"pong"}');
  peer.text("b");
  peer.ended({ code: 1000, reason: "" });
  assert.deepEqual(seen, ["pong"]);
  await clock.advance(0);
  assert.deepEqual(seen, ["pong", "a", "b", "ended 1000"]);
  assert.equal(clock.pending, 0);
});

Deno.test("Inbox.hold: nothing goes past a frame that nobody has looked at", async () => {
  const { inbox, peer, seen, clock } = readRig(10);
  peer.text("takes the slice");
  inbox.text('{"type":"pong"}');
  inbox.hold();
  inbox.text('{"type":"welcome","relay":"r"}');
  await clock.advance(100);
  assert.deepEqual(seen, ["takes the slice", "pong", "welcome"]);
});

Deno.test("Inbox.hold: by the reader, in the middle of a slice: what comes then stays behind what nobody has looked at", async () => {
  const { inbox, clock, seen, read } = rig(10);
  inbox.listen((event) => {
    if (event.kind === "frame" && event.frame.type === "pong") inbox.hold();
    read(event);
  });
  inbox.text(pushed("takes the slice"));
  inbox.text('{"type":"pong"}');
  inbox.text(pushed("a"));
  clock.ms = 0;
  clock.after(0, () => inbox.text('{"type":"welcome","relay":"r"}'));
  await clock.advance(0);
  assert.deepEqual(seen, ["takes the slice", "pong", "a", "welcome"]);
});

Deno.test("Inbox.hold: answers go past pushes again once all that waited was read", async () => {
  const { inbox, peer, clock, seen } = readRig(10);
  for (const text of ["takes the slice", "waits"]) peer.text(text);
  clock.ms = 0;
  await clock.advance(10);
  inbox.hold();
  peer.text("a");
  inbox.text('{"type":"pong"}');
  await clock.advance(0);
  assert.deepEqual(seen, ["takes the slice", "waits", "pong", "a"]);
});

Deno.test("Inbox.send: false once the transport is clogged or gone", () => {
  const { inbox, transport, peer } = readRig();
  assert.equal(inbox.send("a"), true);
  transport.bufferedBytes = 2 * 1_048_576;
  assert.equal(inbox.send("b"), false);
  transport.bufferedBytes = 0;
  peer.ended({ code: 1006, reason: "" });
  assert.equal(inbox.send("c"), false);
  assert.deepEqual(transport.sent, ["a"]);
});

Deno.test("Inbox.next: a flood read one by one, as in a login, costs about what it costs read at once", async () => {
  const FRAMES = 30_000;
  const flooded = () => {
    const made = rig();
    for (let n = 0; n < FRAMES; n++) made.inbox.text('{"type":"pong"}');
    return made;
  };
  // Of this process alone: what else the machine does is not counted.
  const processorMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  const atOnce = () => {
    const { inbox, seen, read } = flooded();
    const began = processorMs();
    inbox.listen(read);
    assert.equal(seen.length, FRAMES);
    return processorMs() - began;
  };
  const oneByOne = async () => {
    const { inbox } = flooded();
    const began = processorMs();
    for (let n = 0; n < FRAMES; n++) await inbox.next();
    return processorMs() - began;
  };
  atOnce();
  const floor = Math.min(atOnce(), atOnce(), atOnce());
  const cost = Math.min(await oneByOne(), await oneByOne());
  assert.ok(cost < 6 * floor, `${cost} ms, ${floor} ms at once`);
});
