import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import type { SendRequest } from "../../lib/local_api/types/sends.ts";
import {
  OWN_ID,
  someMessage,
  someRoom,
  someSend,
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

Deno.test("send: a hyphen among other words is a word", async () => {
  const rig = takingRig();
  await rig.run("send", "tea", "black", "-", "no", "milk");
  assert.equal(sentBy(rig)[0]?.text, "black - no milk");
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

Deno.test("send, ask, claim, reply, create: a secret is 8, named by kind and place, and nothing leaves", async () => {
  const lines = [
    ["send", "tea", "key:", SECRET],
    ["ask", "tea", "is it", SECRET],
    ["claim", "tea", "is it", SECRET],
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
  rig.answers["GET message"] = ({ query }: ApiCall) =>
    query.id === "42" ? { message } : new Failure("NOT_FOUND");
  await rig.run("reply", "42", "Yes,", "please");
  assert.deepEqual(unnamed(rig), [{
    room: "coffee",
    text: "Yes, please",
    reply_to: "m-42",
  }]);
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

Deno.test("send --reply-to: a number and a short id stand for their message, an id for itself", async () => {
  const rig = new CliRig({
    "GET message": ({ query }) =>
      query.id === "7" || query.id === "k7q2xm"
        ? { message: someMessage() }
        : new Failure("NOT_FOUND"),
    "POST send": () => someSend(),
  });
  const replyTo = async (word: string) => {
    const { code } = await rig.run("send", "tea", "x", "--reply-to", word);
    const body = rig.calls.at(-1)?.body as { reply_to?: string } | undefined;
    return code === 0 ? body?.reply_to : code;
  };
  assert.equal(await replyTo("7"), "msg-7");
  assert.equal(await replyTo("k7q2xm"), "msg-7");
  assert.equal(await replyTo("k7q2xn"), "k7q2xn");
  assert.equal(await replyTo("elsewhere"), "elsewhere");
  assert.equal(await replyTo("8"), 2);
});

Deno.test("send --receipt: where nobody can tell, that is said beside the outcome", async () => {
  for (const receipt of [false, true]) {
    const rig = new CliRig({ "POST send": () => someSend({ receipt }) });
    const line = ["send", "tea", "Hello.", "--receipt"];
    const { code, stderr } = await rig.run(...line);
    assert.equal(code, 0);
    assert.equal(/nobody will tell of this one/.test(stderr), !receipt);
  }
});
