import assert from "node:assert/strict";
import { someMessage, somePage } from "../../fakes/api_values.ts";
import { CliRig } from "../../fakes/cli_rig.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** So many gaps, spread over so many rooms. */
function gapsOf(count: number, rooms: number) {
  return Array.from({ length: count }, (_, at) => ({
    room: `room-${at % rooms}`,
    after: at,
    before: at + 1,
    count: 1,
  }));
}

function rigWith(rooms: number, texts: readonly string[]): CliRig {
  const messages = texts.map((text) => someMessage({ text }));
  const page = somePage(messages, { dropped: 3, gaps: gapsOf(500, rooms) });
  return new CliRig({
    "GET messages": () => page,
    "POST read": () => ({ status: "ok" }),
  });
}

Deno.test("messages --max-bytes: many gaps of a room are one line, and leave room for a message", async () => {
  for (const json of [[], ["--json"]]) {
    const rig = rigWith(1, ["hello"]);
    const line = ["messages", "--max-bytes", "4000", ...json];
    const { code, stdout, stderr } = await rig.run(...line);
    assert.equal(code, 0, stderr);
    assert.ok(bytes(stdout) <= 4_000, `${bytes(stdout)}`);
    assert.match(stdout, /hello/);
    assert.match(stdout, /500/);
  }
});

Deno.test("messages --max-bytes: what does not fit even without a message is wrong use, with the bytes it takes", async () => {
  for (const json of [[], ["--json"]]) {
    const rig = rigWith(40, []);
    const line = (most: string) => ["messages", "--max-bytes", most, ...json];
    const { code, stdout, stderr } = await rig.run(...line("200"));
    assert.equal(code, 2);
    assert.ok(bytes(stdout) <= 300, stdout);
    const least = /--max-bytes (\d+)/.exec(stdout + stderr)?.[1] ?? "";
    const again = await rig.run(...line(least));
    assert.equal(again.code, 0, again.stderr);
    assert.ok(bytes(again.stdout) <= Number(least));
  }
});

Deno.test("messages --max-bytes --wait --json: the page beside the error is bounded too", async () => {
  const wait = ["messages", "--wait", "1s", "--json", "--max-bytes", "300"];
  for (const rooms of [1, 40]) {
    const { code, stdout } = await rigWith(rooms, []).run(...wait);
    assert.equal(code, 6);
    assert.ok(bytes(stdout) <= 300, stdout);
    const answer = JSON.parse(stdout);
    assert.equal(answer.error.code, "NOTHING_CAME");
    assert.equal("gaps" in answer, rooms === 1);
  }
});
