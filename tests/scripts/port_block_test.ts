import assert from "node:assert/strict";
import { PortBlock } from "../../scripts/port_block.ts";

/** All that a block has. */
function portsOf(block: PortBlock): number[] {
  return Array.from({ length: 15 }, () => block.next());
}

Deno.test("PortBlock: no port is given twice, by it or by another that is there, and none beyond its own", () => {
  const where = Math.random();
  using one = PortBlock.take(() => where);
  using two = PortBlock.take(() => where);
  const ports = [...portsOf(one), ...portsOf(two)];
  assert.equal(new Set(ports).size, 30);
  for (const port of ports) assert.ok(port > 20_000 && port < 32_000);
  assert.throws(() => one.next(), /15 ports/);
});

Deno.test("PortBlock: one that holds a port of a program that runs is not given", () => {
  const where = Math.random();
  const take = () => PortBlock.take(() => where);
  const before = take();
  const [first, port = 0] = portsOf(before);
  before[Symbol.dispose]();
  {
    using again = take();
    assert.equal(again.next(), first);
  }
  using _program = Deno.listen({ hostname: "127.0.0.1", port });
  using other = take();
  assert.ok(!portsOf(other).includes(port));
});
