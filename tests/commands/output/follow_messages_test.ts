import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { somePage } from "../../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../../fakes/cli_rig.ts";
import { reads, texts } from "../../fakes/unread_rig.ts";

Deno.test("messages --follow: each message once, read after it was written, until the reader goes", async () => {
  const all = texts("one", "two", "three");
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) => {
      const after = Number(query.after ?? 0);
      const next = all.filter((one) => one.cursor > after).slice(0, 1);
      if (next.length === 0) rig.stdoutRoom = 0;
      return somePage(next.length === 0 ? texts("last") : next);
    },
    "POST read": () => ({ status: "ok" }),
  });
  const { code, stdout } = await rig.run("messages", "--follow", "--json");
  assert.equal(code, 1);
  const seen = stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line).text
  );
  assert.deepEqual(seen, ["one", "two", "three"]);
  assert.deepEqual(reads(rig), [{ cursor: 1 }, { cursor: 2 }, { cursor: 3 }]);
});

Deno.test("messages --follow: what is missing is told beside the messages, each once", async () => {
  const gap = { room: "tea", count: 3, after: 1, before: 2 };
  const all = texts("one", "two", "three");
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) => {
      const after = Number(query.after ?? 0);
      const next = all.filter((one) => one.cursor > after).slice(0, 1);
      if (next.length === 0) rig.stdoutRoom = 0;
      const gaps = after <= 1 ? [gap] : [];
      return somePage(next.length === 0 ? texts("last") : next, { gaps });
    },
    "POST read": () => ({ status: "ok" }),
  });
  const { stderr, stdout } = await rig.run("messages", "--follow", "--json");
  assert.equal(
    stderr.match(/gap: 3 messages of #tea could not be had/g)?.length,
    1,
  );
  assert.doesNotMatch(stdout, /gap/);
});

Deno.test("messages --follow: a second gap of the same room is told too, and what falls out anew", async () => {
  const pages = [
    { gaps: [{ room: "tea", after: 1, before: 2 }], dropped: 2 },
    { gaps: [{ room: "tea", after: 2, before: 3 }], dropped: 0 },
    { gaps: [{ room: "tea", after: 3, before: 4 }], dropped: 3 },
  ];
  const all = texts("one", "two", "three");
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) => {
      const at = Number(query.after ?? 0);
      const next = all.slice(at, at + 1);
      if (next.length === 0) rig.stdoutRoom = 0;
      return somePage(next.length === 0 ? texts("last") : next, pages[at]);
    },
    "POST read": () => ({ status: "ok" }),
  });
  const { stderr } = await rig.run("messages", "--follow", "--json");
  assert.equal(stderr.match(/gap: messages of #tea/g)?.length, 3, stderr);
  assert.match(stderr, /2 unread messages fell out[^]*3 unread messages fell/);
});

Deno.test("messages --follow: a daemon that goes away is 3", async () => {
  const rig = new CliRig({
    "GET messages": () => new Failure("NO_DAEMON"),
  });
  const { code, stderr } = await rig.run("messages", "--follow");
  assert.equal(code, 3);
  assert.match(stderr, /start it: agentnet up/);
});
