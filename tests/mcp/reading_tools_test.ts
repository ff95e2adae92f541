import assert from "node:assert/strict";
import { someMessage, somePage, someStatus } from "../fakes/api_values.ts";
import { McpBed } from "../fakes/mcp_bed.ts";

const seq = (number: number) => someMessage({ id: `m${number}`, seq: number });

Deno.test("messages, history: arguments that contradict each other are refused, each named, and nothing is asked", async () => {
  const wrong: [string, object, RegExp][] = [
    ["messages", { last: 3, limit: 2 }, /last and limit don't/],
    ["messages", { skip: 1, wait_seconds: 1 }, /wait_seconds and skip/],
    ["messages", { digest: true, last: 2 }, /digest and last/],
    ["messages", { digest: true, wait_seconds: 1 }, /wait_seconds/],
    ["messages", { again: true, peek: true }, /again and peek/],
    ["messages", { again: true, after: 0 }, /again and after/],
    ["messages", { again: true, room: "tea" }, /again and a room/],
    ["messages", { all: true, after: 0 }, /all and after/],
    ["history", { room: "tea", digest: true, skip: 2 }, /digest and skip/],
    ["history", { room: "tea", digest: true, before: 2 }, /digest and before/],
    ["history", { room: "tea", skip: 2, before: 2 }, /skip and before/],
  ];
  await using bed = await McpBed.open({});
  for (const [tool, given, words] of wrong) {
    const text = await bed.text(tool, { ...given });
    assert.match(text, /^USAGE: /);
    assert.match(text, words);
  }
  // The server looks for new messages by itself.
  const asked = bed.calls.filter(({ query }) => !query.has("after"));
  assert.deepEqual(asked, []);
});

Deno.test("messages: what is left out or false contradicts nothing", async () => {
  await using bed = await McpBed.open({
    "GET messages": ({ query }) =>
      somePage(Number(query.get("after")) < 7 ? [someMessage()] : []),
    "POST read": () => ({ status: "ok" }),
  });
  for (
    const given of [
      { last: 3, all: false, skip: 0, again: false },
      { all: true, wait_seconds: 0, skip: 4 },
      { after: 0, peek: true, limit: 5 },
      { last: 2, skip: 1, digest: false },
    ]
  ) {
    assert.match(await bed.text("messages", given), /Assam/);
  }
});

Deno.test("history: says that there are older ones and how to ask for them, by the relay's number where it gives one", async () => {
  let has_more = true;
  await using bed = await McpBed.open({
    "GET history": () => ({
      ...{ room: "tea", has_more },
      messages: [seq(70), seq(71)],
    }),
  });
  const text = await bed.text("history", { room: "tea" });
  assert.match(text, /\nolder ones: the same with before 70$/m);
  const asked = () =>
    bed.calls.filter(({ route }) => route === "GET history")
      .map(({ query }) => Object.fromEntries(query));
  assert.deepEqual(asked(), [{ room: "tea", limit: "30" }]);
  await bed.text("history", { room: "tea", before: 70, limit: 3 });
  assert.deepEqual(asked()[1], { room: "tea", limit: "3", before_seq: "70" });
  has_more = false;
  assert.doesNotMatch(await bed.text("history", { room: "tea" }), /older/);
  bed.answers["GET history"] = () => ({
    ...{ room: "tea", has_more: true, messages: [someMessage()] },
  });
  const unnumbered = await bed.text("history", { room: "tea", skip: 4 });
  assert.match(unnumbered, /\nolder ones: the same with skip 5$/m);
});

Deno.test("search: a room that this agent is not in is named", async () => {
  await using bed = await McpBed.open({
    "GET search": () => somePage([]),
    "GET status": () => someStatus(),
    "GET count": () => ({ count: 0 }),
  });
  const text = await bed.text("search", { words: "earl", room: "te" });
  assert.match(text, /not in the room 'te'; did you mean 'tea'/);
});
