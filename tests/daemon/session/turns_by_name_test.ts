import assert from "node:assert/strict";
import { TurnsByName } from "../../../daemon/session/turns_by_name.ts";
import { settle } from "../../fakes/fake_clock.ts";

Deno.test("TurnsByName.run: one at a time by name, in the order of the calls, past one that fails", async () => {
  const turns = new TurnsByName();
  const begun: string[] = [];
  const first = Promise.withResolvers<string>();
  const tea = turns.run("tea", () => first.promise);
  const failing = turns.run("tea", () => {
    begun.push("failing");
    return Promise.reject(new Error("no"));
  });
  const last = turns.run("tea", () => {
    begun.push("last");
    return Promise.resolve("last");
  });
  const lab = turns.run("lab", () => Promise.resolve("lab"));
  assert.equal(await lab, "lab", "another name does not wait");
  assert.deepEqual(begun, []);
  first.resolve("first");
  assert.equal(await tea, "first");
  await assert.rejects(failing, /no/);
  assert.equal(await last, "last");
  assert.deepEqual(begun, ["failing", "last"]);
  await settle();
  assert.equal(await turns.run("tea", () => Promise.resolve(1)), 1);
});
