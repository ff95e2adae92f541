import assert from "node:assert/strict";
import {
  readTargets,
  targetAddress,
} from "../../../daemon/keeper/wake_targets.ts";
import type { WakeTarget } from "../../../lib/agent_settings/wake_target.ts";
import { DyingFiles } from "../../fakes/dying_files.ts";
import { FakePermissions } from "../../fakes/own_permissions.ts";

const TOKEN = "a-token-of-the-hook";
const TARGET: WakeTarget = {
  ...{ program: "openclaw", url: "http://127.0.0.1:18789/hooks/wake" },
  token_file: "/home/ada/token",
};

/** One target, whose file holds a text. */
function read(
  text: string | null,
  { mode = 0o600, net = "net 127.0.0.1:18789" } = {},
) {
  const files = new DyingFiles();
  if (text !== null) files.put("/home/ada/token", text, mode);
  return readTargets([TARGET], { files, own: new FakePermissions([net]) });
}

Deno.test("readTargets: the token is the first line of its file, which goes no further", async () => {
  const { token_file: _, ...rest } = TARGET;
  for (const text of [TOKEN, `${TOKEN}\n`, `${TOKEN}\r\nmore\n`]) {
    assert.deepEqual(await read(text), {
      posts: [{ ...rest, token: TOKEN }],
      warnings: [],
    });
  }
  const own = new FakePermissions(["net 127.0.0.1:80"]);
  const plain = { program: "opencode", url: "http://127.0.0.1/" } as const;
  assert.deepEqual(
    await readTargets([plain], { files: new DyingFiles(), own }),
    { posts: [plain], warnings: [] },
  );
});

Deno.test("readTargets: one that can't be used is left out, with a warning that says why and no token", async () => {
  const cases: [string | null, Parameters<typeof read>[1], RegExp][] = [
    [null, {}, /can't read \/home\/ada\/token/],
    ["", {}, /without a token/],
    [`a ${TOKEN}`, {}, /without a token/],
    ["x".repeat(5_000), {}, /too large/],
    [TOKEN, { mode: 0o620 }, /others can write/],
    [TOKEN, { net: "net 127.0.0.1:1" }, /no right to 127\.0\.0\.1:18789/],
  ];
  for (const [text, options, reason] of cases) {
    const { posts, warnings } = await read(text, options);
    assert.deepEqual(posts, []);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^wake_targets: http:\S+ is left out: /);
    assert.match(warnings[0] ?? "", reason);
    assert.doesNotMatch(warnings[0] ?? "", new RegExp(TOKEN));
  }
});

Deno.test("readTargets: a token that others can read is used, and told", async () => {
  const { posts, warnings } = await read(TOKEN, { mode: 0o644 });
  assert.equal(posts[0]?.token, TOKEN);
  assert.deepEqual(warnings, [
    "others can read /home/ada/token: chmod 600 it",
  ]);
});

Deno.test("targetAddress: the port is always named", () => {
  assert.equal(targetAddress({ url: "http://127.0.0.1/" }), "127.0.0.1:80");
  assert.equal(targetAddress({ url: "http://[::1]:4096/x" }), "[::1]:4096");
});
