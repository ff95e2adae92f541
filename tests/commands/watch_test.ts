import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { CliRig, RIG_DIR } from "../fakes/cli_rig.ts";

const WAKE = { unread: 2, named: 1, cursor: 7, reason: "mention", room: "tea" };

/** Answers in turn; the parent is gone with the last. */
function answering(rig: CliRig, answers: readonly unknown[]): void {
  let next = 0;
  rig.answers["GET wake"] = () => {
    const answer = answers[next++];
    if (next >= answers.length) rig.parentPid = 1;
    if (answer instanceof Failure) return answer;
    return answer as object;
  };
}

Deno.test("watch: a line a wake, until whoever started it is gone", async () => {
  const rig = new CliRig();
  answering(rig, [{ wake: WAKE }, {}, { brake: "x" }, { wake: WAKE }, {}]);
  const { code, stdout, stderr } = await rig.run("watch", "--wake", "everyone");
  assert.equal(code, 0);
  const line =
    "AgentNet: 2 unread, 1 for you in room tea. Look when it fits your task: agentnet messages (written by AgentNet)\n";
  assert.equal(stdout, line + line);
  assert.equal(stderr, "");
  const [first] = rig.calls;
  assert.match(first?.query.watcher ?? "", /^watch-[0-9a-f]{16}$/);
  assert.equal(first?.query.wake, "everyone");
  assert.equal(new Set(rig.calls.map(({ query }) => query.watcher)).size, 1);
});

Deno.test("watch: silent while no daemon answers, and heard again when one does", async () => {
  const rig = new CliRig();
  answering(rig, [{ wake: WAKE }, {}]);
  rig.daemonDown = true;
  const ended = rig.run("watch", "--json");
  for (let i = 0; i < 20; i++) await rig.clock.advance(5_000);
  rig.daemonDown = false;
  await rig.clock.advance(5_000);
  assert.deepEqual(JSON.parse((await ended).stdout), WAKE);
});

Deno.test("watch: silent while a daemon has no place for another request, or can't be found for a while", async () => {
  for (const code of ["TOO_MANY_WAITING", "DAEMON_UNREACHED"] as const) {
    const rig = new CliRig();
    const fields = { count: 128, pid: 1, who: "nobody", address: "here" };
    const away = new Failure(code, { fields });
    answering(rig, [away, away, { wake: WAKE }, {}]);
    const ended = rig.run("watch", "--json");
    await rig.clock.advance(4_999);
    assert.equal(rig.calls.length, 1);
    await rig.clock.advance(5_002);
    const { code: exit, stdout, stderr } = await ended;
    assert.deepEqual([exit, JSON.parse(stdout), stderr], [0, WAKE, ""]);
  }
});

Deno.test("watch: what a daemon refuses is told, and ends it", async () => {
  const rig = new CliRig();
  answering(rig, [new Failure("BAD_TOKEN")]);
  const { code, stdout } = await rig.run("watch");
  assert.notEqual(code, 0);
  assert.equal(stdout, "");
});

Deno.test("watch: ends where nobody reads its lines", async () => {
  const rig = new CliRig();
  answering(rig, Array.from({ length: 50 }, () => ({ wake: WAKE })));
  rig.stdoutRoom = 150;
  await rig.run("watch");
  assert.equal(rig.calls.length, 2);
});

Deno.test("watch: of an identity says by whose name the commands find it, whichever way it was named", async () => {
  const lines = async (as: string, ...args: string[]) => {
    const rig = new CliRig();
    rig.env.set("AGENTNET_AS", as);
    const dir = `${RIG_DIR}/as/two`;
    for (const name of ["api.token", "api.addr"]) {
      rig.files.set(`${dir}/${name}`, rig.files.get(`${RIG_DIR}/${name}`)!);
    }
    answering(rig, [{ wake: WAKE }, {}]);
    return (await rig.run("watch", ...args)).stdout;
  };
  assert.match(await lines("two"), /agentnet messages --as two \(/);
  assert.match(await lines("", "--as", "two"), /messages --as two \(/);
  const named = ["--data-dir", RIG_DIR];
  assert.match(await lines("two", ...named), /agentnet messages \(/);
});
