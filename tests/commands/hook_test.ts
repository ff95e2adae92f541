import assert from "node:assert/strict";
import { Failure } from "../../lib/errors.ts";
import { HOOK_PROGRAMS } from "../../lib/hooks/hook_table.ts";
import { CliRig, RIG_DIR } from "../fakes/cli_rig.ts";

const WAKE = { unread: 2, named: 1, cursor: 7, reason: "mention", room: "tea" };
const LINE =
  "AgentNet: 2 unread, 1 for you in room tea. Look when it fits your task: agentnet messages (written by AgentNet)";
const STOP = {
  ...{ session_id: "s", hook_event_name: "Stop", status: "completed" },
};
const SILENT = {
  ...{ claude: "", codex: "{}\n", gemini: "{}\n", cursor: "{}\n" },
  ...{ copilot: "{}\n", goose: "", pi: "" },
};

function rigWith(input: object | string): CliRig {
  const rig = new CliRig();
  const text = typeof input === "string" ? input : JSON.stringify(input);
  rig.stdin = new TextEncoder().encode(text);
  rig.answers["GET wake"] = () => ({ wake: WAKE });
  rig.answers["POST human"] = () => ({ status: "ok" });
  return rig;
}

Deno.test("hook: a wake in the program's own shape, for one request", async () => {
  const rig = rigWith(STOP);
  const { code, stdout, stderr } = await rig.run("hook", "codex");
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(JSON.parse(stdout), { decision: "block", reason: LINE });
  assert.deepEqual(rig.routes, ["GET wake"]);
  assert.equal(rig.calls[0]?.query.watcher, "codex:s");
});

Deno.test("hook: silent, in each program's way, and exit code 0, whatever is wrong", async () => {
  for (const program of HOOK_PROGRAMS) {
    const rigs: [string, CliRig][] = [
      ["broken", rigWith("{")],
      ["empty", rigWith("")],
      ["loop", rigWith({ ...STOP, stop_hook_active: true, loop_count: 1 })],
      ["no daemon", Object.assign(rigWith(STOP), { daemonDown: true })],
    ];
    const quiet = rigWith(STOP);
    quiet.answers["GET wake"] = () => ({ brake: "20 wakes within an hour" });
    rigs.push(["nothing", quiet]);
    const refused = rigWith(STOP);
    refused.answers["GET wake"] = () => new Failure("BAD_TOKEN");
    rigs.push(["refused", refused]);
    for (const [what, rig] of rigs) {
      const { code, stdout, stderr } = await rig.run("hook", program);
      const told = [code, stdout, stderr];
      assert.deepEqual(told, [0, SILENT[program], ""], `${program} ${what}`);
    }
  }
});

Deno.test("hook: a daemon that does not answer keeps the host waiting for 200 ms, whatever it is asked first", async () => {
  const prompt = { ...STOP, hook_event_name: "UserPromptSubmit" };
  for (const input of [STOP, prompt]) {
    const rig = rigWith(input);
    rig.hangs = true;
    const ended = rig.run("hook", "claude");
    await rig.clock.advance(199);
    let isOver = false;
    void ended.then(() => isOver = true);
    await rig.clock.advance(0);
    assert.equal(isOver, false);
    await rig.clock.advance(1);
    assert.deepEqual((await ended).code, 0);
  }
});

Deno.test("hook: a host that keeps its hook's standard input open waits for 200 ms, too", async () => {
  const rig = rigWith(STOP);
  rig.stdinStaysOpen = true;
  const ended = rig.run("hook", "codex");
  await rig.clock.advance(200);
  const { code, stdout } = await ended;
  assert.deepEqual([code, stdout], [0, "{}\n"]);
  assert.deepEqual(rig.routes, []);
});

Deno.test("hook: a person's prompt ends the row of wakes, and one that is no person's does not", async () => {
  const prompt = { ...STOP, hook_event_name: "UserPromptSubmit" };
  const rig = rigWith({ ...prompt, source: "user" });
  await rig.run("hook", "claude");
  assert.deepEqual(rig.routes, ["POST human", "GET wake"]);
  const other = rigWith({ ...prompt, source: "hook" });
  assert.equal((await other.run("hook", "claude")).stdout, "");
  assert.deepEqual(other.routes, []);
});

Deno.test("hook --wait: exit code 2 with the wake on standard error; 0 where its time is over, or another waits", async () => {
  const woken = await rigWith(STOP).run("hook", "claude", "--wait", "24h");
  assert.deepEqual([woken.code, woken.stdout, woken.stderr], [
    ...[2, "", `${LINE}\n`],
  ]);
  const replaced = rigWith(STOP);
  replaced.answers["GET wake"] = () => ({ replaced: true });
  const ended = await replaced.run("hook", "claude", "--wait", "24h");
  assert.deepEqual([ended.code, ended.stderr], [0, ""]);
  const late = rigWith(STOP);
  late.answers["GET wake"] = async () => {
    await late.clock.advance(30_000);
    return {};
  };
  assert.equal((await late.run("hook", "claude", "--wait", "1m")).code, 0);
  assert.equal(late.calls.length, 2);
});

Deno.test("hook: a program that it does not know is told to the person, not to the host", async () => {
  const { code, stdout, stderr } = await rigWith(STOP).run("hook", "emacs");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /one of claude, codex/);
});

Deno.test("hook: wrong use is told to the person with 1, never with the 2 that a host takes for an answer", async () => {
  const lines = [
    ["hook"],
    ["hook", "claude", "--bogus"],
    ["hook", "claude", "--wait", "5"],
    ["hook", "claude", "--wake", "nobody"],
    ["hook", "claude", "--as", "Not A Name"],
    ["hook", "claude", "--wait", "24h", "--as", "Not A Name"],
  ];
  for (const line of lines) {
    const { code, stdout, stderr } = await rigWith(STOP).run(...line);
    assert.deepEqual([code, stdout], [1, ""], line.join(" "));
    assert.notEqual(stderr, "", line.join(" "));
  }
});

Deno.test("hook: of an identity says by whose name the commands find it", async () => {
  for (const more of [[], ["--wait", "24h"]]) {
    const rig = rigWith(STOP);
    for (const name of ["api.token", "api.addr"]) {
      const text = rig.files.get(`${RIG_DIR}/${name}`)!;
      rig.files.set(`${RIG_DIR}/as/two/${name}`, text);
    }
    const told = await rig.run("hook", "codex", "--as", "two", ...more);
    assert.match(told.stdout + told.stderr, /agentnet messages --as two \(/);
  }
});
