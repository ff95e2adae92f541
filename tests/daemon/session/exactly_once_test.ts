import assert from "node:assert/strict";
import fc from "fast-check";
import type { Feature } from "../../../lib/protocol/frames.ts";
import { ADA, BOB, SessionRig } from "../../fakes/session_rig.ts";

/** What can befall a session between two looks at it. */
const event = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      ada: fc.boolean(),
      deliver: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      { kind: "cut" as const },
      { kind: "down" as const },
      { kind: "up" as const },
      { kind: "restart" as const },
      { kind: "send" as const },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.constantFrom(1, 20, 700),
    }),
  },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

async function play(
  rig: SessionRig,
  events: readonly Event[],
): Promise<string[]> {
  const said: string[] = [];
  for (const one of events) {
    switch (one.kind) {
      case "say": {
        const text = `${one.ada ? "ada" : "bob"} ${said.length}`;
        // On a relay that keeps no count, what is not delivered is only had after a cut.
        const deliver = one.deliver || rig.relay.features.size === 0;
        rig.relay.say("tea", one.ada ? ADA : BOB, text, { deliver });
        said.push(text);
        rig.clock.jumpWall(1);
        break;
      }
      case "cut":
        rig.relay.cut();
        break;
      case "down":
        rig.relay.down = true;
        rig.relay.cut();
        break;
      case "up":
        rig.relay.down = false;
        break;
      case "restart":
        await rig.restart();
        break;
      case "send":
        await rig.session.send({ room: "tea", text: "mine" });
        break;
      case "wait":
        await rig.clock.advance(one.ms);
    }
  }
  return said;
}

/** The line is up for good, and one more message tells what is missing. */
async function calm(rig: SessionRig, said: string[]): Promise<void> {
  rig.relay.down = false;
  await rig.clock.advance(32_000);
  rig.relay.say("tea", ADA, "ada last");
  said.push("ada last");
  await rig.clock.advance(100);
}

function of(author: string, texts: readonly string[]): string[] {
  return texts.filter((text) => text.startsWith(author));
}

async function holds(
  events: readonly Event[],
  features?: readonly Feature[],
): Promise<void> {
  using rig = await SessionRig.inTea(features ? { features } : {});
  const said = await play(rig, events);
  await calm(rig, said);
  const had = await rig.texts();
  assert.deepEqual(of("ada", had), of("ada", said));
  assert.deepEqual(of("bob", had), of("bob", said));
  const page = await rig.session.messages({}, new AbortController().signal);
  assert.deepEqual(page.gaps, []);
  const sends = events.filter(({ kind }) => kind === "send").length;
  assert.equal(rig.relay.taken.length, sends);
}

const SKIPPED = { kind: "say", ada: false, deliver: false } as const;
const MOMENT = { kind: "wait", ms: 1 } as const;
/** What was skipped before an own message that is sent while what was skipped before is fetched. */
const SENT_MEANWHILE: readonly Event[] = [
  ...[SKIPPED, { kind: "send" } as const, SKIPPED, { kind: "send" } as const],
  ...[SKIPPED, MOMENT, MOMENT, { kind: "cut" } as const, SKIPPED],
];

Deno.test("Session: cuts, restarts and skipped messages: each message exactly once, in its sender's order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 5, maxLength: 40 }),
      (events) => holds(events),
    ),
    { numRuns: 60, examples: [[[...SENT_MEANWHILE]]] },
  );
});

Deno.test("Session: cuts and restarts on a relay with REST alone: each message exactly once, in its sender's order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(event, { minLength: 5, maxLength: 40 }),
      (events) => holds(events, []),
    ),
    { numRuns: 60 },
  );
});
