import assert from "node:assert/strict";
import type { CliContext } from "../../../commands/cli/cli_context.ts";
import { sessionWakes } from "../../../commands/session_inbox/session_wakes.ts";
import { hookCall } from "../../../lib/hooks/hook_call.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const SESSION = "e6c081e6-8952-4595-b73f-1d98fca9a343";
const SET = {
  CLAUDE_CODE_MESSAGING_SOCKET: "/no/such/1.sock",
  CLAUDE_CODE_MESSAGING_TOKEN: "929260f13e31aa4942d6f3fa9e278731",
  CLAUDE_CODE_SESSION_ID: SESSION,
};

function read(
  env: Readonly<Record<string, string>>,
  choice: Partial<Parameters<typeof sessionWakes>[1]> = {},
) {
  const troubles: string[] = [];
  const context = {
    env: (name: string) => env[name],
    pid: () => 42,
    clock: new FakeClock(),
  } as Partial<CliContext> as CliContext;
  const wakes = sessionWakes(context, {
    dataDir: "/no/such/folder",
    onTrouble: ({ message }) => void troubles.push(message),
    ...choice,
  });
  return { wakes, troubles };
}

Deno.test("sessionWakes: by the inbox of the environment, under the name that the session's hooks have", async () => {
  const { wakes, troubles } = read(SET, { wake: "everyone" });
  assert.equal(wakes?.inboxPath, "/no/such/1.sock");
  const stop = { session_id: SESSION, hook_event_name: "Stop" };
  const hook = hookCall(
    "claude",
    new TextEncoder().encode(JSON.stringify(stop)),
  );
  assert.equal(wakes?.options.watcher, hook?.watcher);
  assert.deepEqual(
    [wakes?.options.wake, wakes?.options.isChannel],
    ["everyone", false],
  );
  assert.deepEqual(troubles, []);
  // Whose data dir it is, nobody knows.
  await assert.rejects(
    wakes?.options.inbox?.("x") ?? Promise.resolve(),
    /not known to be this user's|it is gone/,
  );
});

Deno.test("sessionWakes: in no way where it is off, or there is no inbox; one that can't be used is told", () => {
  assert.equal(read(SET, { wake: "off" }).wakes, null);
  assert.equal(read(SET, { wake: "off", channel: true }).wakes, null);
  assert.deepEqual(read({}), { wakes: null, troubles: [] });
  const odd = read({ ...SET, CLAUDE_CODE_MESSAGING_SOCKET: "x.sock" });
  assert.equal(odd.wakes, null);
  assert.equal(odd.troubles.length, 1);
  assert.match(odd.troubles[0] ?? "", /what the environment says of it/);
});

Deno.test("sessionWakes: by a channel in a session that says nothing of itself", () => {
  const { wakes, troubles } = read({}, { channel: true, as: "two" });
  assert.deepEqual(wakes, {
    options: { watcher: "claude:pid-42", isChannel: true, as: "two" },
  });
  assert.deepEqual(troubles, []);
});
