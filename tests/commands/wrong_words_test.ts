import assert from "node:assert/strict";
import { COMMAND_HINTS } from "../../commands/cli/command_hints.ts";
import { REGISTRY } from "../../commands/cli/registry.ts";
import { Failure } from "../../lib/errors.ts";
import { someListing, someStatus } from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";

/** A daemon that is in these rooms, on a relay that lists those, and takes nothing. */
function refusing(
  { joined, listed }: {
    readonly joined: readonly string[];
    readonly listed: readonly string[];
  },
): CliRig {
  const wrong = (code: "NOT_IN_ROOM" | "ROOM_NOT_FOUND") =>
  ({ body }: {
    readonly body: unknown;
  }) => new Failure(code, { fields: body as { room: string } });
  return new CliRig({
    "POST send": wrong("NOT_IN_ROOM"),
    "POST join": wrong("ROOM_NOT_FOUND"),
    "GET messages": () => ({
      messages: [],
      remaining: 0,
      dropped: 0,
      gaps: [],
    }),
    "GET history": () => ({ room: "x", messages: [], has_more: false }),
    "GET status": () =>
      someStatus({
        rooms: joined.map((name) => ({
          ...{ name, state: "joined", joined: true, unread: 0 },
        })),
      }),
    "GET rooms": () => ({
      rooms: listed.map((name) => someListing({ name })),
      ...{ has_more: true, partial: false },
    }),
  });
}

for (
  const line of [
    ["send", "teh", "hi"],
    ["join", "teh"],
    ["ask", "teh", "why?"],
    [
      "claim",
      "teh",
      "it",
    ],
  ]
) {
  Deno.test(`${line[0]}: a wrong room names the nearest, of one's own first, else of the relay's`, async () => {
    const own = refusing({ joined: ["lab", "tea"], listed: ["ten"] });
    const { code, stderr } = await own.run(...line);
    assert.equal(code, 4);
    assert.match(stderr, /did you mean 'tea', which it is in\?/);
    const other = refusing({ joined: ["lab"], listed: ["coffee", "the"] });
    assert.match((await other.run(...line)).stderr, /did you mean 'the'\?/);
    const none = refusing({ joined: ["lab"], listed: ["coffee"] });
    assert.doesNotMatch((await none.run(...line)).stderr, /did you mean/);
    const there = refusing({ joined: ["tea"], listed: ["teh"] });
    const told = await there.run(...line, "--json");
    assert.equal(told.code, 4);
    assert.doesNotMatch(told.stdout, /did you mean/);
  });
}

Deno.test("send: where the rooms can't be had the failure is as it was, and another failure asks for none", async () => {
  const rig = refusing({ joined: ["tea"], listed: [] });
  delete rig.answers["GET status"];
  rig.answers["GET rooms"] = () => new Failure("NOT_CONNECTED");
  const { code, stderr } = await rig.run("send", "teh", "hi");
  assert.equal(code, 4);
  assert.match(stderr, /join it first: agentnet join teh/);
  const other = refusing({ joined: ["tea"], listed: [] });
  other.answers["POST send"] = () => new Failure("RATE_LIMITED");
  assert.equal((await other.run("send", "teh", "hi")).code, 5);
  assert.deepEqual(other.routes, ["POST send"]);
});

Deno.test("commands: words that many try point to the right one", async () => {
  const rig = new CliRig();
  const hints: Readonly<Record<string, RegExp>> = {
    read: /agentnet messages/,
    list: /agentnet rooms/,
    dm: /agentnet create/,
    inbox: /agentnet messages/,
  };
  for (const [word, hint] of Object.entries(hints)) {
    if (Object.hasOwn(REGISTRY, word)) continue;
    for (const line of [[word], [word, "tea"]]) {
      const { code, stderr } = await rig.run(...line);
      assert.equal(code, 2, word);
      assert.match(stderr, new RegExp(`no command '${word}'`));
      assert.match(stderr, hint);
    }
    const { stdout } = await rig.run(word, "--json");
    assert.match(JSON.parse(stdout).error.fix, hint);
  }
  assert.match((await rig.run("constructor")).stderr, /agentnet --help/);
});

Deno.test("COMMAND_HINTS: names commands that there are", () => {
  for (const hint of Object.values(COMMAND_HINTS)) {
    const named = [...hint.matchAll(/agentnet ([a-z-]+)/g)].map(([, one]) =>
      one
    );
    assert.ok(named.length > 0, hint);
    for (const one of named) {
      assert.ok(Object.hasOwn(REGISTRY, one ?? ""), hint);
    }
  }
});
