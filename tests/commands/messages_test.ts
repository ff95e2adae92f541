import assert from "node:assert/strict";
import fc from "fast-check";
import { Failure } from "../../lib/errors.ts";
import type { ReceivedMessage } from "../../lib/local_api/types.ts";
import { someMessage, somePage } from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

/** A daemon with these unread messages. */
function rigOf(
  messages: readonly ReceivedMessage[],
  changed: Parameters<typeof somePage>[1] = {},
): CliRig {
  return new CliRig({
    "GET messages": () => somePage(messages, changed),
    "POST read": () => ({ status: "ok" }),
  });
}

/** Messages with these texts, cursors from 1. */
function texts(...list: string[]): ReceivedMessage[] {
  return list.map((text, i) =>
    someMessage({ cursor: i + 1, id: `id-${i + 1}`, text })
  );
}

const reads = (rig: CliRig) =>
  rig.calls.filter((call) => call.route === "POST read")
    .map((call) => call.body);

Deno.test("messages: what was shown is marked read, to the last cursor shown", async () => {
  const rig = rigOf(texts("one", "two"));
  await rig.run("messages");
  assert.deepEqual(reads(rig), [{ cursor: 2 }]);
});

Deno.test("messages ROOM: asks and marks that room alone, its name lowered", async () => {
  const rig = rigOf(texts("one"));
  await rig.run("messages", "#Tea");
  assert.equal(rig.calls[0]?.query.room, "tea");
  assert.deepEqual(reads(rig), [{ cursor: 1, room: "tea" }]);
});

Deno.test("messages: --peek, --after, --all and --count mark nothing", async () => {
  for (const flags of [["--peek"], ["--after", "3"], ["--all"], ["--count"]]) {
    const rig = rigOf(texts("one"));
    rig.answers["GET count"] = () => ({ count: 1 });
    assert.equal((await rig.run("messages", ...flags)).code, 0);
    assert.deepEqual(reads(rig), [], `${flags}`);
  }
});

Deno.test("messages: what could not be written is not marked read", async () => {
  for (const json of [[], ["--json"]]) {
    const rig = rigOf(texts("one", "two"));
    rig.stdoutRoom = 20;
    const { code, stderr } = await rig.run("messages", ...json);
    assert.deepEqual([code, stderr], [1, ""]);
    assert.deepEqual(reads(rig), []);
  }
});

Deno.test("messages: nothing unread is 0 and says so; nothing is marked", async () => {
  const rig = rigOf([]);
  const { code, stdout } = await rig.run("messages");
  assert.deepEqual([code, stdout], [0, "no new messages\n"]);
  assert.deepEqual(reads(rig), []);
});

Deno.test("messages --wait: asks for so long, and with nothing is 6", async () => {
  const rig = rigOf([]);
  const text = await rig.run("messages", "--wait", "2m");
  assert.deepEqual([text.code, text.stdout], [6, ""]);
  assert.equal(rig.calls[0]?.query.wait_ms, "120000");
  const json = await rig.run("messages", "--wait", "1s", "--json");
  assert.equal(json.code, 6);
  const value = JSON.parse(json.stdout);
  assert.equal(value.error.code, "NOTHING_CAME");
  assert.deepEqual(value.messages, []);
});

Deno.test("messages --count: a number, and 6 for none", async () => {
  const rig = new CliRig({ "GET count": () => ({ count: 0 }) });
  assert.deepEqual(await rig.run("messages", "--count"), {
    code: 6,
    stdout: "0\n",
    stderr: "",
  });
});

Deno.test("messages --from, --mention, --limit: go to the daemon as they are", async () => {
  const rig = rigOf([]);
  await rig.run("messages", "--from", "bob", "--mention", "--limit", "5");
  assert.deepEqual(rig.calls[0]?.query, {
    from: "bob",
    mention: "true",
    limit: "5",
  });
});

Deno.test("messages --from: what the filter left out stays unread", async () => {
  const all = texts("one", "two", "three");
  const rig = new CliRig({
    "GET messages": ({ query }: ApiCall) =>
      somePage(query.from === undefined ? all : [all[0]!, all[2]!]),
    "POST read": () => ({ status: "ok" }),
  });
  await rig.run("messages", "--from", "bob");
  assert.deepEqual(reads(rig), [{ cursors: [1, 3] }]);
});

Deno.test("messages: what is left, dropped and missing is said", async () => {
  const rig = rigOf(texts("one"), {
    remaining: 4,
    dropped: 2,
    gaps: [{ room: "tea", count: 3, after: 0, before: 1 }],
  });
  const { stdout } = await rig.run("messages");
  assert.match(stdout, /\n4 more: agentnet messages\n/);
  assert.match(stdout, /\n2 unread messages fell out/);
  assert.match(stdout, /\ngap: 3 messages of #tea/);
});

Deno.test("messages --max-bytes: the cut one says how much is missing and which command shows it", async () => {
  const rig = rigOf(texts("short", "x".repeat(5_000), "third"));
  const { code, stdout } = await rig.run("messages", "--max-bytes", "700");
  assert.equal(code, 0);
  assert.ok(new TextEncoder().encode(stdout).length <= 700);
  const [, missing] = / … (\d+) bytes more: agentnet show 2\n/.exec(stdout) ??
    [];
  const shown = /x+/.exec(stdout)?.[0].length ?? 0;
  assert.equal(shown + Number(missing), 5_000);
  assert.ok(!stdout.includes("third"));
  assert.match(stdout, /\n1 more: agentnet messages\n/);
  assert.deepEqual(reads(rig), [{ cursor: 2 }]);
});

Deno.test("messages --max-bytes: never more, only shown ones are read, none is shown twice or lost", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "binary", maxLength: 300 }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.integer({ min: 1, max: 1_500 }),
      fc.boolean(),
      async (list, most, json) => {
        const wellFormed = list.map((text) => text.toWellFormed());
        const rig = rigOf(texts(...wellFormed));
        const flags = ["--max-bytes", `${most}`, ...(json ? ["--json"] : [])];
        const { code, stdout } = await rig.run("messages", ...flags);
        if (code === 2) {
          assert.deepEqual(reads(rig), []);
          return;
        }
        assert.equal(code, 0);
        assert.ok(new TextEncoder().encode(stdout).length <= most);
        const shown = json
          ? JSON.parse(stdout).messages.length
          : stdout.split("\n").filter((line) => /^\d+ {2}/.test(line)).length;
        assert.deepEqual(reads(rig), [{ cursor: shown }]);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("messages --max-bytes: what can't hold one message is 2, with a bound that can", async () => {
  const rig = rigOf(texts("y".repeat(900)));
  const { code, stderr } = await rig.run("messages", "--max-bytes", "40");
  assert.equal(code, 2);
  const least = /--max-bytes (\d+)/.exec(stderr)?.[1] ?? "";
  assert.equal((await rig.run("messages", "--max-bytes", least)).code, 0);
});

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

Deno.test("messages: a gap that nothing came after is shown, and named as shown; with --peek it is not", async () => {
  const open = { room: "tea", after: 1, before: 0 };
  const between = { room: "lab", count: 2, after: 1, before: 3 };
  const rig = rigOf([], { gaps: [open, between] });
  const { stdout } = await rig.run("messages");
  assert.match(stdout, /gap: messages of #tea could not be had/);
  assert.deepEqual(reads(rig), [{ gaps: [open] }]);
  const peeking = rigOf([], { gaps: [open] });
  await peeking.run("messages", "--peek");
  assert.deepEqual(reads(peeking), []);
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

for (const how of [[], ["--json"]]) {
  Deno.test(`messages --wait ${how}: where nothing came, what could not be had is told once, and named as shown`, async () => {
    const open = { room: "tea", after: 1, before: 0 };
    const rig = rigOf([], { gaps: [open] });
    const { code, stdout, stderr } = await rig.run(
      ...["messages", "--wait", "1s", ...how],
    );
    assert.equal(code, 6);
    if (how.length === 0) assert.match(stderr, /gap: messages of #tea/);
    else assert.deepEqual(JSON.parse(stdout).gaps, [open]);
    assert.deepEqual(reads(rig), [{ gaps: [open] }]);
    const peeking = rigOf([], { gaps: [open] });
    await peeking.run("messages", "--wait", "1s", "--peek", ...how);
    assert.deepEqual(reads(peeking), []);
  });
}

Deno.test("messages --follow: a daemon that goes away is 3", async () => {
  const rig = new CliRig({
    "GET messages": () => new Failure("NO_DAEMON"),
  });
  const { code, stderr } = await rig.run("messages", "--follow");
  assert.equal(code, 3);
  assert.match(stderr, /agentnet daemon/);
});

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

Deno.test("messages: a name that is another's and a muted author are marked beside the key, inside the fence", async () => {
  const messages = [
    someMessage({ text: "a fake", name_conflict: "bob ✓", muted: true }),
  ];
  const rig = new CliRig({ "GET messages": () => somePage(messages) });
  const { stdout } = await rig.run("messages", "--all");
  const line = stdout.split("\n")[1] ?? "";
  assert.match(
    line,
    /bob·\w{8} ✓ ⚠ not the bob ‹U\+2713› you know muted: a fake$/,
  );
  const { stdout: json } = await rig.run("messages", "--all", "--json");
  assert.deepEqual(JSON.parse(json).messages, messages);
});

Deno.test("show --raw: the text alone, each byte as it came", async () => {
  const text = "two\nlines\n\nand a tab\t";
  const rig = new CliRig({
    "GET message": () => ({ message: someMessage({ text }) }),
  });
  assert.equal((await rig.run("show", "msg-7", "--raw")).stdout, text);
});
