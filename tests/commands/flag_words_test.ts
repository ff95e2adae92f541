import assert from "node:assert/strict";
import {
  someMessage,
  somePage,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";

/** A daemon that is in these rooms, has a message called `ok`, and takes what is sent. */
function rigIn(...rooms: string[]): CliRig {
  const { rooms: [plain] } = someStatus();
  const rig = new CliRig({
    "GET status": () =>
      someStatus({ rooms: rooms.map((name) => ({ ...plain!, name })) }),
    "GET message": () => ({ message: someMessage({ id: "ok" }) }),
    "GET messages": () => somePage([someMessage()]),
    "GET count": () => ({ count: 1 }),
    "POST read": () => ({ status: "ok" }),
    "POST send": () => someSend(),
  });
  rig.files.set("/etc/secret", "a private file");
  return rig;
}

const deeds = (rig: CliRig) => rig.routes.filter((one) => /^POST/.test(one));

for (
  const id of ["--file=/etc/secret", "--json", "--force", "--data-dir=/x", "-x"]
) {
  Deno.test(`reply: ${id} in the place of the id is no flag, and nothing is sent`, async () => {
    const rig = rigIn("tea");
    const { code, stdout, stderr } = await rig.run("reply", id, "ok", "then");
    assert.equal(code, 2);
    assert.match(
      stdout + stderr,
      new RegExp(`stands where the id belongs.*agentnet reply -- ${id} ok`),
    );
    assert.deepEqual(rig.routes, []);
    const escaped = await rig.run("reply", "--", id, "ok", "then");
    assert.equal(escaped.code, 0, escaped.stderr);
  });
}

for (const flag of ["--force", "--json", "--allow-secret", "--id"]) {
  for (const name of ["send", "ask", "claim"]) {
    if (name === "ask" && flag === "--id") continue;
    Deno.test(`${name}: ${flag} in the place of the room is no flag where the agent is in a room called so`, async () => {
      const rig = rigIn("tea", flag);
      const { code, stdout, stderr } = await rig.run(
        ...[name, flag, "tea", "tea", "there"],
      );
      assert.equal(code, 2);
      assert.match(stdout + stderr, /a room that this agent is in.*-- /);
      assert.deepEqual(deeds(rig), []);
    });
  }
}

Deno.test("send: a flag before the room is one where no room is called so", async () => {
  const rig = rigIn("tea");
  assert.equal((await rig.run("send", "--force", "tea", "Hello")).code, 0);
  assert.deepEqual(deeds(rig), ["POST send"]);
});

for (const flag of ["--raw", "--all", "--peek", "--count", "--json"]) {
  Deno.test(`messages: ${flag} alone is no flag where the agent is in a room called so`, async () => {
    const rig = rigIn("tea", flag);
    const { code, stdout, stderr } = await rig.run("messages", flag);
    assert.equal(code, 2);
    assert.match(stdout + stderr, /agentnet messages -- --/);
    assert.deepEqual(rig.routes, ["GET status"]);
    assert.equal((await rig.run("messages", "--", flag)).code, 0);
    const other = await rig.run("messages", "--limit", "9", flag);
    assert.equal(other.code, 0, other.stderr);
  });
}

Deno.test("send, reply: an id that begins with a hyphen or holds more than one word is 2", async () => {
  for (const id of ["-x", "a b", "$(id)", "x".repeat(129), ""]) {
    const rig = rigIn("tea");
    const lines = [
      ["send", "tea", "Hello", "--id", id],
      ["send", "tea", "Hello", "--reply-to", id],
      ["reply", "ok", "Hello", "--id", id],
    ];
    for (const line of lines) {
      const { code, stderr } = await rig.run(...line);
      assert.deepEqual([code, deeds(rig)], [2, []], `${line} ${stderr}`);
    }
  }
});

Deno.test("a room that is called like a flag stands behind -- in the lines that are proposed", async () => {
  const rig = rigIn("--raw");
  rig.answers["GET messages"] = () =>
    somePage([someMessage({ room: "--raw" })], { remaining: 7 });
  const { stdout } = await rig.run("messages", "--", "--raw");
  assert.match(stdout, /agentnet messages -- --raw\n/);
});
