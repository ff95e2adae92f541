import assert from "node:assert/strict";
import { CliRig } from "../../fakes/cli_rig.ts";

const BOB = "/home/agent/.agentnet/as/bob";

function rig(): CliRig {
  const made = new CliRig({
    "GET identity": () => ({ id: "key", name: "bob" }),
  });
  made.files.set(`${BOB}/api.token`, "a-token-of-the-rig\n");
  made.files.set(`${BOB}/api.addr`, "127.0.0.1:9901\n");
  return made;
}

Deno.test("--as: the daemon of that identity is asked, over AGENTNET_AS", async () => {
  for (const [env, args] of [["", ["--as", "bob"]], ["bob", []]] as const) {
    const made = rig();
    made.env.set("AGENTNET_AS", env);
    const seen: string[] = [];
    made.seen = (url) => seen.push(url.host);
    const { code, stderr } = await made.run("whoami", ...args);
    assert.deepEqual([code, stderr, seen], [0, "", ["127.0.0.1:9901"]]);
  }
});

Deno.test("--as: where none of that identity runs, says how to start just that one", async () => {
  const made = rig();
  const { code, stderr } = await made.run("whoami", "--as", "carol");
  assert.equal(code, 3);
  assert.match(stderr, /start it: agentnet up --as carol\n$/);
});

Deno.test("--as: in the later calls of a start that a data dir wins is not said again", async () => {
  for (const [phase, times] of [["offered", 1], ["started", 0], ["done", 0]]) {
    const made = rig();
    made.env.set("AGENTNET_DATA_DIR", "/home/agent/.agentnet");
    made.env.set("AGENTNET_START", `${phase}`);
    const { stderr } = await made.run("whoami", "--as", "bob");
    assert.equal(stderr.split("wins over").length - 1, times, `${phase}`);
  }
});

Deno.test("--as: a data dir that is named by its path wins, with a word", async () => {
  const made = rig();
  made.env.set("AGENTNET_DATA_DIR", "/home/agent/.agentnet");
  const seen: string[] = [];
  made.seen = (url) => seen.push(url.host);
  const answer = await made.run("whoami", "--as", "bob", "--json");
  assert.equal(answer.code, 0);
  assert.deepEqual(seen, ["127.0.0.1:9900"]);
  assert.match(
    answer.stderr,
    /^agentnet: AGENTNET_DATA_DIR wins over the identity bob: [^\n]+\n$/,
  );
});

Deno.test("--as: what can't be an identity is wrong use, and nobody is asked", async () => {
  for (const name of ["", "Bob", "../x", "a/b", "x".repeat(33)]) {
    const made = rig();
    const { code } = await made.run("whoami", `--as=${name}`);
    assert.equal(code, 2, name);
    assert.deepEqual(made.calls, []);
  }
});
