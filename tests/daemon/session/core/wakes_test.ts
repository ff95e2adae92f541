import assert from "node:assert/strict";
import type {
  MessagesPage,
  MessagesQuery,
} from "../../../../lib/local_api/types/mailbox.ts";
import { ADA, SessionRig } from "../../../fakes/session_rig.ts";

/** An agent that waits and reads again and again: what each wake brought, and when. */
class Waiter {
  readonly wakes: { at: number; texts: string[] }[] = [];
  readonly #rig: SessionRig;

  constructor(rig: SessionRig, query: MessagesQuery = {}) {
    this.#rig = rig;
    void this.#live({ wait_ms: 60_000, ...query });
  }

  async #live(query: MessagesQuery): Promise<void> {
    const { session, clock } = this.#rig;
    const never = new AbortController().signal;
    const start = clock.monotonic();
    for (;;) {
      const page: MessagesPage = await session.messages(query, never);
      const last = page.messages.at(-1);
      if (last === undefined) return;
      const texts = page.messages.map(({ text }) => text);
      this.wakes.push({ at: clock.monotonic() - start, texts });
      session.read({ cursor: last.cursor });
    }
  }
}

/** Ada speaks after so many milliseconds each. */
async function speak(rig: SessionRig, pauses: readonly number[]) {
  for (const [i, ms] of pauses.entries()) {
    await rig.clock.advance(ms);
    rig.relay.say("tea", ADA, `${i}`);
    await rig.clock.advance(0);
  }
}

Deno.test("Session.messages: the first message wakes at once, what follows within a second is one more wake", async () => {
  using rig = await SessionRig.inTea();
  const waiter = new Waiter(rig);
  await speak(rig, [100, 200, 200, 200]);
  assert.deepEqual(waiter.wakes, [{ at: 100, texts: ["0"] }]);
  await rig.clock.advance(399);
  assert.equal(waiter.wakes.length, 1);
  await rig.clock.advance(1);
  assert.deepEqual(waiter.wakes[1], { at: 1_100, texts: ["1", "2", "3"] });
  await rig.clock.advance(5_000);
  await speak(rig, [0]);
  assert.deepEqual(waiter.wakes[2], { at: 6_100, texts: ["0"] });
});

Deno.test("Session.messages: a flood is one wake a second", async () => {
  using rig = await SessionRig.inTea();
  const waiter = new Waiter(rig);
  await speak(rig, Array.from({ length: 100 }, () => 100));
  const seconds = waiter.wakes.map(({ at }) => at);
  assert.deepEqual(
    seconds,
    Array.from({ length: 10 }, (_, i) => 100 + i * 1e3),
  );
});

Deno.test("Session.messages: the answer to an own message wakes at once, whatever came before", async () => {
  using rig = await SessionRig.inTea();
  const never = new AbortController().signal;
  await speak(rig, [0]);
  const first = await rig.session.messages({ wait_ms: 10_000 }, never);
  rig.session.read({ cursor: first.messages.at(-1)!.cursor });
  const sent = rig.session.send({ room: "tea", text: "which one?" });
  await rig.clock.advance(1);
  await sent;
  const before = rig.clock.monotonic();
  const answer = rig.session.messages({ wait_ms: 10_000 }, never);
  await speak(rig, [10]);
  assert.equal((await answer).messages.length, 1);
  assert.equal(rig.clock.monotonic() - before, 10);
});

Deno.test("Session.messages: a reader with a place of its own is told of each message at once", async () => {
  using rig = await SessionRig.inTea();
  const never = new AbortController().signal;
  const texts: string[] = [];
  let after = 0;
  for (let i = 0; i < 3; i++) {
    const asked = rig.session.messages({ after, wait_ms: 60_000 }, never);
    await speak(rig, [10]);
    const { messages } = await asked;
    texts.push(...messages.map(({ text }) => text));
    after = messages.at(-1)?.cursor ?? after;
  }
  assert.deepEqual(texts, ["0", "0", "0"]);
  assert.ok(rig.clock.monotonic() < 60_000);
});

Deno.test("Session.messages: a full page of what waits is never held back", async () => {
  using rig = await SessionRig.inTea();
  await speak(rig, Array.from({ length: 5 }, () => 0));
  const never = new AbortController().signal;
  const query = { wait_ms: 60_000, limit: 2 };
  const before = rig.clock.monotonic();
  for (const expected of [["0", "1"], ["2", "3"]]) {
    const { messages } = await rig.session.messages(query, never);
    assert.deepEqual(messages.map(({ text }) => text), expected);
    rig.session.read({ cursor: messages.at(-1)!.cursor });
  }
  assert.equal(rig.clock.monotonic(), before);
});

Deno.test("Session.messages: a wait shorter than the pause ends in its time, with what came", async () => {
  using rig = await SessionRig.inTea();
  const never = new AbortController().signal;
  await speak(rig, [0]);
  const first = await rig.session.messages({ wait_ms: 10_000 }, never);
  rig.session.read({ cursor: first.messages.at(-1)!.cursor });
  const woken: MessagesPage[] = [];
  void rig.session.messages({ wait_ms: 300 }, never).then((page) =>
    woken.push(page)
  );
  await speak(rig, [100]);
  await rig.clock.advance(199);
  assert.equal(woken.length, 0);
  await rig.clock.advance(1);
  assert.equal(woken[0]?.messages.length, 1);
});
