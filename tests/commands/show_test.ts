import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { someMessage, somePage } from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

Deno.test("show: a number before a message stands for it; an id finds it too", async () => {
  const message = someMessage({ cursor: 42, text: "whole" });
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) =>
      somePage(query.after === "41" ? [message] : []),
    "GET message": ({ query }: ApiCall) =>
      query.id === "msg-7" ? { message } : new Failure("NOT_FOUND"),
  });
  for (const word of ["42", "msg-7"]) {
    assert.match((await rig.run("show", word)).stdout, /: whole\n/);
  }
  const { code, stderr } = await rig.run("show", "43");
  assert.equal(code, 2);
  assert.match(stderr, /no message '43'.*agentnet messages --all/);
});

Deno.test("show, reply: an id that several agents used is 2, and --from says whose is meant", async () => {
  const message = someMessage({ text: "whole" });
  const rig = new CliRig({
    "GET messages": () => somePage([someMessage({ cursor: 42 })]),
    "GET message": ({ query }: ApiCall) =>
      query.from === undefined
        ? new Failure("ID_AMBIGUOUS", { fields: { id: "x", who: "a, b" } })
        : { message },
    "POST send": () => ({ status: "accepted", id: "i", bytes: 1, room: "tea" }),
  });
  for (const line of [["show", "x"], ["reply", "x", "Yes"]]) {
    const { code, stderr } = await rig.run(...line);
    assert.equal(code, 2);
    assert.match(stderr, /'x': a, b; .*--from/);
    const named = await rig.run(...line, "--from", "5hRk");
    assert.equal(named.code, 0, named.stderr);
  }
  assert.deepEqual(
    rig.calls.filter(({ route }) => route === "GET message").map((one) =>
      one.query.from
    ),
    [undefined, "5hRk", undefined, "5hRk"],
  );
});

Deno.test("show --from: a number is no cursor of another's message", async () => {
  const rig = new CliRig({
    "GET messages": () => somePage([someMessage({ cursor: 42 })]),
  });
  assert.equal((await rig.run("show", "42", "--from", "5hRk")).code, 0);
  const { code, stderr } = await rig.run("show", "42", "--from", "8NYU");
  assert.equal(code, 2);
  assert.match(stderr, /no message '42' of '8NYU'/);
});

Deno.test("show --raw: the text alone, each byte as it came", async () => {
  const text = "two\nlines\n\nand a tab\t";
  const rig = new CliRig({
    "GET message": () => ({ message: someMessage({ text }) }),
  });
  assert.equal((await rig.run("show", "msg-7", "--raw")).stdout, text);
});
