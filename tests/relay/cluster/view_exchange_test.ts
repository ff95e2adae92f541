import assert from "node:assert/strict";
import { silentLogger } from "../../../lib/log.ts";
import { NoViewTaken } from "../../../relay/cluster/no_view_taken.ts";
import { ViewExchange } from "../../../relay/cluster/view_exchange.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { FakeBus, FakeViewDisk, LOG, turned } from "../../fakes/view_bed.ts";

const VIEW = Uint8Array.of(1, 2, 3);

/** Relays over one bus. */
function bed() {
  const clock = new FakeClock();
  const bus = new FakeBus(clock);
  const relay = (node: string) => {
    const disk = new FakeViewDisk(VIEW);
    const told: (string | null)[] = [];
    const exchange = new ViewExchange({
      ...{ node, clock, disks: disk, log: silentLogger },
      taking: ({ node }) => void told.push(node),
    });
    return { disk, exchange, told };
  };
  return { bus, relay, turned: <T>(work: Promise<T>) => turned(clock, work) };
}

Deno.test("ViewExchange: who serves, and knows which log it follows, gives its view, and no other", async () => {
  for (const order of ["follows first", "serves first"] as const) {
    const { bus, relay, turned } = bed();
    const [a, b] = [relay("a"), relay("b")];
    if (order === "serves first") a.exchange.serves(true);
    a.exchange.follows(LOG, bus);
    assert.equal(bus.subjects, order === "serves first" ? 2 : 0);
    a.exchange.serves(true);
    assert.equal(bus.subjects, 2);
    b.exchange.follows(LOG, bus);
    assert.equal(await turned(b.exchange.take()), true);
    assert.deepEqual([b.disk.taken, b.told.at(-1)], [VIEW, "a"]);
    a.exchange.serves(false);
    assert.equal(bus.subjects, 0);
    await assert.rejects(turned(b.exchange.take()), /no relay that serves/);
  }
});

Deno.test("ViewExchange: one at a time is taken, and after three in vain it is said what has to change", async () => {
  const { bus, relay, turned } = bed();
  const [a, b] = [relay("a"), relay("b")];
  a.exchange.follows(LOG, bus);
  a.exchange.serves(true);
  assert.equal(await b.exchange.take(), false, "it follows no log yet");
  b.exchange.follows(LOG, bus);
  const taking = b.exchange.take();
  assert.equal(await b.exchange.take(), false);
  await turned(taking);
  await turned(b.exchange.take());
  b.exchange.serves(true);
  b.exchange.serves(false);
  for (let i = 0; i < 3; i++) await turned(b.exchange.take());
  await assert.rejects(turned(b.exchange.take()), (error) => {
    assert.ok(error instanceof NoViewTaken);
    assert.match(error.message, /faster than 3 copies came/);
    assert.match(error.fix, /make the log larger/);
    return true;
  });
});

Deno.test("ViewExchange: one that served until the log went past it gives its view to nobody while it takes another's, nor to itself", async () => {
  const { bus, relay, turned } = bed();
  const [a, b, c] = [relay("a"), relay("b"), relay("c")];
  for (const { exchange } of [a, b, c]) exchange.follows(LOG, bus);
  a.exchange.serves(true);
  await assert.rejects(turned(a.exchange.take()), /no relay that serves/);
  a.exchange.serves(true);
  b.exchange.serves(true);
  const both = [a, c].map(({ exchange }) => exchange.take());
  assert.deepEqual(await turned(Promise.all(both)), [true, true]);
  assert.equal(a.told.concat(c.told).includes("a"), false);
  assert.equal(bus.subjects, 2, "b's");
  a.exchange.serves(true);
  assert.equal(bus.subjects, 3);
});

Deno.test("ViewExchange: it ends what is under way with it", async () => {
  const { bus, relay, turned } = bed();
  const { exchange } = relay("a");
  exchange.follows(LOG, bus);
  const taking = exchange.take();
  exchange.stop();
  await assert.rejects(turned(taking), /stopped/);
  assert.equal(bus.subjects, 0);
});
