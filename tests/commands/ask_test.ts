import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import {
  BOB_ID,
  someMessage,
  somePage,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

type Message = ReturnType<typeof someMessage>;

interface Asked {
  /** What comes once the question was sent. */
  readonly later: readonly Message[];
  readonly features?: readonly string[];
  /** Others in the room. */
  readonly others?: number;
}

const isSent = (rig: CliRig) => rig.routes.includes("POST send");

/** A daemon whose mailbox gets messages once the question was sent, and then no more. */
function askedRig(
  { later, features = ["ack", "fields"], others = 2 }: Asked,
): CliRig {
  const rig: CliRig = new CliRig({
    "POST send": () => someSend({ seq: 50, others }),
    "POST read": () => ({ status: "ok" }),
    "GET count": () => ({ count: 0 }),
    "GET status": () => someStatus({ relay_features: features }),
    "GET messages": async ({ query }: ApiCall) => {
      const asks = query.wait_ms !== undefined || query.from !== undefined;
      const found = (isSent(rig) && asks ? later : [])
        .filter((one) => one.cursor > Number(query.after ?? 0))
        .filter((one) =>
          query.from === undefined || query.from === one.from_name
        );
      if (found.length === 0) {
        await rig.clock.advance(Number(query.wait_ms ?? 0));
      }
      return somePage(found);
    },
  });
  return rig;
}

const marks = (rig: CliRig) =>
  rig.calls.filter(({ route }) => route === "POST read")
    .map(({ body }) => body);

const reply = (
  cursor: number,
  change: Parameters<typeof someMessage>[0] = {},
) => someMessage({ cursor, text: "Assam", reply_to: "id-of-it", ...change });

Deno.test("ask: sends a question, prints only what answers it, and marks that alone read", async () => {
  const other = someMessage({ cursor: 8, text: "by the way" });
  const rig = askedRig({ later: [other, reply(9)] });
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which", "one?");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓: Assam\n⟦end/);
  assert.ok(!stdout.includes("by the way"));
  const sent = rig.calls.find(({ route }) => route === "POST send")?.body;
  assert.equal((sent as { kind?: string }).kind, "question");
  assert.deepEqual(marks(rig), [{ cursors: [9] }]);
});

Deno.test("ask: on other relays the first message after it counts, and that is said", async () => {
  const later = [someMessage({ cursor: 8, text: "Assam" })];
  const rig = askedRig({ later, features: [] });
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which one?");
  assert.equal(code, 0);
  assert.match(stdout, /✓: Assam\n/);
  assert.match(stderr, /first message after the question/);
});

Deno.test("ask: on other relays what came before the question was taken, or came late, is no answer", async () => {
  const rig = askedRig({
    later: [
      someMessage({ cursor: 8, text: "said before" }),
      someMessage({ cursor: 9, text: "said long ago", late: true }),
      someMessage({ cursor: 10, text: "Assam" }),
    ],
    features: [],
  });
  const waiting = rig.answers["GET messages"];
  rig.answers["GET messages"] = async (call) => {
    const { wait_ms, after } = call.query;
    if (wait_ms !== undefined || !isSent(rig)) return await waiting?.(call);
    const early = someMessage({ cursor: 8, text: "said before" });
    return somePage(Number(after ?? 0) < 8 ? [early] : []);
  };
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which one?");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓: Assam\n/);
  assert.ok(!stdout.includes("said"), stdout);
});

Deno.test("ask: a plain message of the one who is asked is a likely answer, with --from and where there is one other", async () => {
  const plain = someMessage({ cursor: 8, text: "Assam", seq: 51 });
  const ask = async (asked: Asked, ...flags: string[]) => {
    const rig = askedRig(asked);
    const line = ["ask", "tea", "Which?", "--timeout", "5s", ...flags];
    const { code, stdout } = await rig.run(...line, "--json");
    const { answers } = JSON.parse(stdout);
    return [code, ...answers.map((one: { likely?: true }) => one.likely)];
  };
  assert.deepEqual(await ask({ later: [plain], others: 1 }), [0, true]);
  assert.deepEqual(await ask({ later: [plain] }, "--from", "bob"), [0, true]);
  assert.deepEqual(
    await ask({ later: [plain] }),
    [6],
    "anybody could be meant",
  );
  assert.deepEqual(await ask({ later: [plain] }, "--from", "eve"), [6]);
  const no = [
    someMessage({ cursor: 8, seq: 49 }),
    someMessage({ cursor: 8, late: true }),
    someMessage({ cursor: 8, room: "lab" }),
    someMessage({ cursor: 8, reply_to: "something-else" }),
    someMessage({ cursor: 8, kind: "claim" }),
  ];
  for (const one of no) {
    const told = await ask({ later: [one], others: 1 });
    assert.deepEqual(told, [6], JSON.stringify(one));
  }
  const rig = askedRig({ later: [plain], others: 1 });
  assert.match((await rig.run("ask", "tea", "Which?")).stderr, /likely/);
});

const WANTS: readonly (readonly [string, Message, RegExp])[] = [
  [
    "a question in the room",
    someMessage({ cursor: 8, kind: "question" }),
    /asks something in #tea/,
  ],
  [
    "a message that means this agent",
    someMessage({ cursor: 8, mention: true }),
    /means you in #tea/,
  ],
  [
    "one in another room",
    someMessage({ cursor: 8, mention: true, room: "lab" }),
    /means you in #lab/,
  ],
];

for (const [what, message, said] of WANTS) {
  Deno.test(`ask: ${what} ends it with 6, is said, shown and read`, async () => {
    const line = ["ask", "tea", "Which?", "--timeout", "60s"];
    const rig = askedRig({ later: [message] });
    const began = rig.clock.monotonic();
    const { code, stdout, stderr } = await rig.run(...line);
    assert.equal(code, 6);
    assert.ok(rig.clock.monotonic() - began < 1_000, "it does not wait");
    assert.match(stdout, /Assam, please/);
    assert.match(stderr, said);
    assert.match(stderr, /agentnet reply 8/);
    assert.deepEqual(marks(rig), [{ cursors: [8] }]);
    const told = JSON.parse(
      (await askedRig({ later: [message] })
        .run(...line, "--json")).stdout,
    );
    assert.equal(told.error.code, "INTERRUPTED");
    assert.deepEqual(told.interrupted_by, message);
    assert.deepEqual([told.reply, told.answers], [null, []]);
  });
}

Deno.test("ask: a question of another room does not end it, nor do a question and an answer of another than who is asked", async () => {
  const later = [
    someMessage({ cursor: 7, kind: "question", room: "lab" }),
    someMessage({ cursor: 8, kind: "question", from_name: "eve" }),
    reply(9, { from_name: "eve", mention: true }),
    reply(10, { mention: true, text: "it is bob's" }),
  ];
  const rig = askedRig({ later });
  const { code, stdout } = await rig.run(
    "ask",
    "tea",
    "Which?",
    "--from",
    "bob",
  );
  assert.equal(code, 0);
  assert.match(stdout, /it is bob's/);
  assert.ok(!stdout.includes("Assam"));
  // Nor where no answer comes; one by whom is asked does.
  const ask = async (from_name: string) => {
    const question = someMessage({ cursor: 8, kind: "question", from_name });
    const line = ["ask", "tea", "Which?", "--from", "bob", "--json"];
    const told = await askedRig({ later: [question] }).run(...line);
    return JSON.parse(told.stdout).error.code;
  };
  assert.equal(await ask("eve"), "NOTHING_CAME");
  assert.equal(await ask("bob"), "INTERRUPTED");
});

Deno.test("ask: an answer that came with a question is the answer", async () => {
  const later = [someMessage({ cursor: 8, kind: "question" }), reply(9)];
  const { code } = await askedRig({ later }).run("ask", "tea", "Which?");
  assert.equal(code, 0);
});

Deno.test("ask --answers: so many are waited for; fewer in time are shown, and that is said", async () => {
  const eve = {
    from: "9xEveVqXcT8wLpZ7yNfJb3sGdA6uEoKtQiWxYvCzHjM",
    from_name: "eve",
  };
  const later = [
    reply(8, { text: "one" }),
    reply(9, { text: "two", ...eve }),
    reply(10, { text: "two once more", ...eve }),
  ];
  const ask = (n: string) =>
    askedRig({ later }).run("ask", "tea", "Which?", "--answers", n);
  const two = await ask("2");
  assert.deepEqual([two.code, two.stderr], [0, ""]);
  assert.match(two.stdout, /✓: one\n.* eve·\w{8} ✓: two\n/);
  const three = await ask("3");
  assert.equal(three.code, 6);
  assert.match(three.stdout, /✓: one\n.* eve·\w{8} ✓: two\n.* eve: two once/);
  assert.match(three.stderr, /2 of 3 answers came in time/);
  const json = await askedRig({ later })
    .run("ask", "tea", "Which?", "--answers", "3", "--json");
  const short = JSON.parse(json.stdout);
  assert.deepEqual(
    [json.code, short.error.code, short.answers.length],
    [6, "ANSWERS_SHORT", 3],
  );
  const cut = [later[0]!, someMessage({ cursor: 9, kind: "question" })];
  const ended = await askedRig({ later: cut })
    .run("ask", "tea", "Which?", "--answers", "2", "--json");
  const told = JSON.parse(ended.stdout);
  assert.deepEqual([ended.code, told.answers.length], [6, 1]);
  assert.equal(told.interrupted_by.cursor, 9);
});

Deno.test("ask: no answer in time is 6, and --json says what was sent, in the one shape", async () => {
  const line = ["ask", "tea", "Which one?", "--timeout", "5s"];
  const { code, stdout, stderr } = await askedRig({ later: [] }).run(...line);
  assert.deepEqual([code, stdout], [6, ""]);
  assert.match(stderr, /nothing came/);
  const keys = ["answers", "interrupted_by", "other_messages", "reply", "sent"];
  const told = await askedRig({ later: [] }).run(...line, "--json");
  const { error, ...rest } = JSON.parse(told.stdout);
  assert.equal(error.code, "NOTHING_CAME");
  assert.deepEqual(rest.sent, someSend({ seq: 50, others: 2 }));
  assert.deepEqual(Object.keys(rest).sort(), keys);
  const kept = askedRig({ later: [] });
  kept.answers["POST send"] = () => someSend({ status: "queued" });
  const queued = await kept.run(...line, "--json");
  assert.equal(queued.code, 9);
  assert.deepEqual(Object.keys(JSON.parse(queued.stdout)).sort(), keys);
});

Deno.test("ask --from: where nobody in the room is called so, that is said beside the silence", async () => {
  const ask = async (name: string) => {
    const rig = askedRig({ later: [] });
    rig.answers["GET members"] = () => ({
      room: "tea",
      members: [{ id: BOB_ID, name: "bob" }],
    });
    return await rig.run("ask", "tea", "Which?", "--from", name);
  };
  const none = await ask("bobb\x1b");
  assert.equal(none.code, 6);
  assert.match(none.stderr, /nobody who is 'bobb‹U\+001B›' is in the room now/);
  for (const name of ["bob", BOB_ID.slice(0, 8)]) {
    assert.doesNotMatch((await ask(name)).stderr, /nobody who is/);
  }
});

Deno.test("ask --from: a word that means nobody for sure is refused before anything is sent", async () => {
  const rig = askedRig({ later: [] });
  const fields = { reason: "several keys start with 'bobb'" };
  rig.answers["GET count"] = () => new Failure("USAGE", { fields });
  const { code, stderr } = await rig.run(
    "ask",
    "tea",
    "Which?",
    "--from",
    "bobb",
  );
  assert.equal(code, 2, stderr);
  assert.equal(isSent(rig), false);
});
