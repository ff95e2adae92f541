import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import type { SendRequest } from "../../lib/local_api/types.ts";
import {
  OWN_ID,
  someMessage,
  somePage,
  someRoom,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { type ApiCall, CliRig } from "../fakes/cli_rig.ts";

const identity = () => ({ id: OWN_ID, name: "ada" });

/** A daemon that takes everything. */
function takingRig(): CliRig {
  return new CliRig({
    "POST send": () => someSend(),
    "GET identity": identity,
    "POST create": () => someRoom(),
  });
}

const sentBy = (rig: CliRig) =>
  rig.calls.filter((call) => call.route === "POST send")
    .map((call) => call.body as SendRequest);

/** What was sent, each checked for an id that the command made. */
const unnamed = (rig: CliRig) =>
  sentBy(rig).map(({ id, ...rest }) => {
    assert.match(id ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    return rest;
  });

Deno.test("send: several words are joined by one space", async () => {
  const rig = takingRig();
  await rig.run("send", "Tea", "Earl", "Grey,  two", "spaces");
  assert.deepEqual(unnamed(rig), [{
    room: "tea",
    text: "Earl Grey,  two spaces",
  }]);
});

Deno.test("send: flags go along, wherever they stand", async () => {
  const rig = takingRig();
  const flags = ["--id", "x-1", "--reply-to", "m-1", "--force"];
  await rig.run("send", "tea", ...flags, "Hello");
  await rig.run("send", "tea", "Hello", ...flags);
  await rig.run("send", ...flags, "tea", "Hello");
  const want = {
    room: "tea",
    text: "Hello",
    id: "x-1",
    reply_to: "m-1",
    force: true,
  };
  assert.deepEqual(sentBy(rig), [want, want, want]);
});

Deno.test("send: standard input and files keep each byte, a last line end and a byte order mark too", async () => {
  const text = "\ufeffa\r\n\tb 漢字 😀 <&> \u2028 \u0000\n\n";
  const rig = takingRig();
  rig.stdin = new TextEncoder().encode(text);
  rig.files.set("note.txt", text);
  await rig.run("send", "tea", "-");
  await rig.run("send", "tea", "--file", "note.txt");
  await rig.run("send", "tea", "--file", "-");
  assert.deepEqual(sentBy(rig).map((one) => one.text), [text, text, text]);
});

Deno.test("send: a hyphen among other words is a word", async () => {
  const rig = takingRig();
  await rig.run("send", "tea", "black", "-", "no", "milk");
  assert.equal(sentBy(rig)[0]?.text, "black - no milk");
});

Deno.test("send: input that the wire can't carry is refused before anything is sent", async () => {
  const table: [bytes: Uint8Array, says: RegExp][] = [
    [new Uint8Array(), /text is empty/],
    [new TextEncoder().encode(" \n"), /text is empty/],
    // As JSON each of them takes six bytes.
    [new Uint8Array(20_000).fill(1), /120002 bytes, more than 64512/],
    [Uint8Array.of(0x61, 0xff), /not UTF-8/],
    [Uint8Array.of(0xed, 0xa0, 0x80), /not UTF-8/],
    [new Uint8Array(32_769).fill(0x61), /32769 bytes, more than 32768/],
    [new TextEncoder().encode("a\bb"), /backspace/],
    [new TextEncoder().encode("a\fb"), /form feed/],
  ];
  for (const [bytes, says] of table) {
    const rig = takingRig();
    rig.stdin = bytes;
    const { code, stdout, stderr } = await rig.run("send", "tea", "-");
    assert.deepEqual([code, stdout], [2, ""], `${says}`);
    assert.match(stderr, says);
    assert.deepEqual(rig.calls, []);
  }
});

Deno.test("send: 32 KB go, a file that is not there is 2", async () => {
  const rig = takingRig();
  rig.stdin = new Uint8Array(32_768).fill(0x61);
  assert.equal((await rig.run("send", "tea", "-")).code, 0);
  const { code, stderr } = await rig.run("send", "tea", "--file", "gone");
  assert.equal(code, 2);
  assert.match(stderr, /gone/);
});

Deno.test("send: accepted is 0, queued 9, unknown 7, each with its id", async () => {
  const table = [["accepted", 0], ["queued", 9], ["unknown", 7]] as const;
  for (const [status, exit] of table) {
    const rig = new CliRig({ "POST send": () => someSend({ status }) });
    const text = await rig.run("send", "tea", "Hello");
    assert.equal(text.code, exit);
    assert.match(text.stdout, new RegExp(`^${status} id-of-it `));
    assert.equal(text.stderr === "", status === "accepted");
    const json = await rig.run("send", "tea", "Hello", "--json");
    assert.deepEqual([json.code, json.stderr], [exit, ""]);
    assert.deepEqual(JSON.parse(json.stdout), someSend({ status }));
  }
});

/** A key of the shape that the cloud's documentation gives; made up. */
const SECRET = "AKIA" + "Q3EGTK7XW2LMNB5Z";

Deno.test("send, ask, reply, create: a secret is 8, named by kind and place, and nothing leaves", async () => {
  const lines = [
    ["send", "tea", "key:", SECRET],
    ["ask", "tea", "is it", SECRET],
    ["reply", "msg-7", SECRET],
    ["create", "tea", SECRET],
    ["create", "tea", "topic", "--tag", SECRET],
  ];
  for (const line of lines) {
    const rig = takingRig();
    rig.answers["GET message"] = () => ({ message: someMessage() });
    const answer = await rig.run(...line);
    assert.deepEqual([answer.code, answer.stdout], [8, ""], `${line}`);
    assert.match(answer.stderr, /AWS access key.*--allow-secret/);
    assert.ok(!answer.stderr.includes(SECRET));
    assert.deepEqual(rig.routes.filter((one) => one.startsWith("POST")), []);
    const json = await rig.run(...line, "--json");
    assert.ok(!json.stdout.includes(SECRET));
    assert.equal(JSON.parse(json.stdout).error.code, "SECRET_HELD_BACK");
  }
});

Deno.test("send: the local API's own token is held back", async () => {
  const rig = takingRig();
  const { code } = await rig.run("send", "tea", "it is a-token-of-the-rig");
  assert.equal(code, 8);
});

Deno.test("send --allow-secret: a human's decision", async () => {
  const rig = takingRig();
  const { code } = await rig.run("send", "tea", SECRET, "--allow-secret");
  assert.equal(code, 0);
  assert.equal(sentBy(rig)[0]?.text, SECRET);
});

Deno.test("send: brakes are 5 and say in how many seconds, and what to do", async () => {
  const rig = new CliRig({
    "POST send": () =>
      new Failure("BRAKES", {
        fields: { reason: "five in a row" },
        retryAfterMs: 286_001,
      }),
  });
  const { code, stderr } = await rig.run("send", "tea", "Thanks!");
  assert.equal(code, 5);
  assert.match(stderr, /in 287 s\b.*--force/);
});

Deno.test("reply: goes to the room of the message, as the answer to it", async () => {
  const rig = takingRig();
  const message = someMessage({ room: "coffee", cursor: 42, id: "m-42" });
  rig.answers["GET messages"] = () => somePage([message]);
  await rig.run("reply", "42", "Yes,", "please");
  assert.deepEqual(unnamed(rig), [{
    room: "coffee",
    text: "Yes, please",
    reply_to: "m-42",
  }]);
});

/** A daemon whose mailbox gets these messages once the question was sent. */
function askedRig(
  later: readonly ReturnType<typeof someMessage>[],
  relay_features: readonly string[],
): CliRig {
  const rig = takingRig();
  rig.answers["GET status"] = () => someStatus({ relay_features });
  rig.answers["POST read"] = () => ({ status: "ok" });
  rig.answers["GET messages"] = async ({ query }: ApiCall) => {
    const isWaiting = query.wait_ms !== undefined;
    const isAsked = sentBy(rig).length > 0 && isWaiting;
    const found = (isAsked ? later : [])
      .filter((one) => one.cursor > Number(query.after ?? 0));
    if (isAsked && found.length === 0) {
      await rig.clock.advance(Number(query.wait_ms ?? 0));
    }
    return somePage(found);
  };
  return rig;
}

Deno.test("ask: prints only the message that answers, where the relay carries the mark", async () => {
  const other = someMessage({ cursor: 8, text: "by the way" });
  const reply = someMessage({
    cursor: 9,
    text: "Assam",
    reply_to: "id-of-it",
  });
  const rig = askedRig([other, reply], ["ack", "fields"]);
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which", "one?");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓: Assam\n⟦end/);
  assert.ok(!stdout.includes("by the way"));
});

Deno.test("ask: on other relays the first message after it counts, and that is said", async () => {
  const rig = askedRig([someMessage({ cursor: 8, text: "Assam" })], []);
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which one?");
  assert.equal(code, 0);
  assert.match(stdout, /✓: Assam\n/);
  assert.match(stderr, /first message after the question/);
});

Deno.test("ask: on other relays what came before the question was taken, or came late, is no answer", async () => {
  const rig = askedRig([
    someMessage({ cursor: 8, text: "said before" }),
    someMessage({ cursor: 9, text: "said long ago", late: true }),
    someMessage({ cursor: 10, text: "Assam" }),
  ], []);
  const waiting = rig.answers["GET messages"];
  rig.answers["GET messages"] = async (call) => {
    const { wait_ms, after } = call.query;
    if (wait_ms !== undefined || sentBy(rig).length === 0) {
      return await waiting?.(call);
    }
    const early = someMessage({ cursor: 8, text: "said before" });
    return somePage(Number(after ?? 0) < 8 ? [early] : []);
  };
  const { code, stdout, stderr } = await rig.run("ask", "tea", "Which one?");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /✓: Assam\n/);
  assert.ok(!stdout.includes("said"), stdout);
});

Deno.test("ask: no answer in time is 6, and --json says what was sent", async () => {
  const rig = askedRig([], ["fields"]);
  const line = ["ask", "tea", "Which one?", "--timeout", "5s"];
  const { code, stdout, stderr } = await rig.run(...line);
  assert.deepEqual([code, stdout], [6, ""]);
  assert.match(stderr, /nothing came/);
  const told = await rig.run(...line, "--json");
  assert.equal(told.code, 6);
  const { error, sent } = JSON.parse(told.stdout);
  assert.equal(error.code, "NOTHING_CAME");
  assert.deepEqual(sent, someSend());
});

Deno.test("reply: without text the error names the id, not a room", async () => {
  const { code, stderr } = await takingRig().run("reply", "1");
  assert.equal(code, 2);
  assert.match(stderr, /give some text after the message's id/);
});

Deno.test("send: words beside a single - are refused with the line that sends them", async () => {
  const rig = takingRig();
  const { code, stderr } = await rig.run("send", "tea", "-", "extra");
  assert.equal(code, 2);
  assert.match(stderr, /agentnet send tea -- - extra$/m);
  assert.deepEqual(sentBy(rig), []);
  assert.equal((await rig.run("send", "tea", "--", "-", "extra")).code, 0);
  assert.deepEqual(unnamed(rig), [{ room: "tea", text: "- extra" }]);
});

Deno.test("send --reply-to: a number stands for the message behind it, an id for itself", async () => {
  const rig = new CliRig({
    "GET messages": ({ query }) =>
      somePage(
        query.after === "6" ? [someMessage({ cursor: 7, id: "msg-7" })] : [],
      ),
    "GET message": () => new Failure("NOT_FOUND"),
    "POST send": () => someSend(),
  });
  const replyTo = async (word: string) => {
    const { code } = await rig.run("send", "tea", "x", "--reply-to", word);
    const body = rig.calls.at(-1)?.body as { reply_to?: string } | undefined;
    return code === 0 ? body?.reply_to : code;
  };
  assert.equal(await replyTo("7"), "msg-7");
  assert.equal(await replyTo("elsewhere"), "elsewhere");
  assert.equal(await replyTo("8"), 2);
});
