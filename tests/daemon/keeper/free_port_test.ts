import assert from "node:assert/strict";
import { nextFree } from "../../../daemon/keeper/free_port.ts";

const at = (port: number) => ({ hostname: "127.0.0.1", port });

Deno.test("nextFree: its own port, else the next one that is free", () => {
  const taken = new Set([9900, 9901, 9903]);
  const isFree = ({ port }: { port: number }) => !taken.has(port);
  assert.deepEqual(nextFree(at(9899), isFree), at(9899));
  assert.deepEqual(nextFree(at(9900), isFree), at(9902));
});

Deno.test("nextFree: where a hundred are taken, or the numbers end, the system chooses", () => {
  let looks = 0;
  const none = () => ++looks < 0;
  assert.deepEqual(nextFree(at(9900), none), at(0));
  assert.equal(looks, 100);
  assert.deepEqual(nextFree(at(65_530), none), at(0));
  assert.equal(looks, 106);
});

Deno.test("nextFree: a port on which somebody listens is passed over", () => {
  using there = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = there.addr as Deno.NetAddr;
  assert.notEqual(nextFree(at(port)).port, port);
});
