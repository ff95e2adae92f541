import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { someMessage } from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

Deno.test("show: asks for the message by the word, and says so where there is none", async () => {
  const message = someMessage({ short_id: "k7q2xm", text: "whole" });
  const rig = new CliRig({
    "GET message": ({ query }: ApiCall) =>
      query.id === "k7q2xm" && query.room === "tea"
        ? { message }
        : new Failure("NOT_FOUND", { fields: { what: "message 'x'" } }),
  });
  const { stdout } = await rig.run("show", "k7q2xm", "--room", "#Tea");
  assert.match(stdout, /\nk7q2xm 07:59 #tea bob·5hRk2mVq ✓: whole\n/);
  const { code, stderr } = await rig.run("show", "43");
  assert.equal(code, 2);
  assert.match(stderr, /no message 'x'/);
});

Deno.test("show, reply: an id that several agents used is 2, and --from says whose is meant", async () => {
  const message = someMessage({ text: "whole" });
  const rig = new CliRig({
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

Deno.test("show --raw: the text alone, each byte as it came", async () => {
  const text = "two\nlines\n\nand a tab\t";
  const rig = new CliRig({
    "GET message": () => ({ message: someMessage({ text }) }),
  });
  assert.equal((await rig.run("show", "msg-7", "--raw")).stdout, text);
});
