import assert from "node:assert/strict";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { attestedBytes } from "../../lib/transcript/attestation.ts";
import { agent } from "../fakes/agents.ts";
import { NOW, someStatus } from "../fakes/api_values.ts";
import { CliRig } from "../fakes/cli_rig.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";

const ada = agent(1);

/** A daemon that has these texts in tea. */
function rigOf(texts: readonly string[]): CliRig {
  const frames = texts.map((text, place) => {
    const seq = place + 1;
    const id = `m${seq}`;
    const frame = signFrame({
      ...{ type: "message", id, room: "tea", from: ada.id, nonce: `n-${seq}` },
      ...{ content: { type: "text", text }, timestamp: NOW },
    }, ada.sign);
    return { frame, seq, timestamp: NOW, received_at: NOW };
  });
  return new CliRig({
    "GET status": () => someStatus(),
    "GET identity": () => ({ id: ada.id, name: "ada\x1b[2J" }),
    "GET frames": () => ({ room: "tea", frames }),
    "POST attest": ({ body }) => ({
      by: ada.id,
      signature: encodeBase58(
        ada.sign(attestedBytes(body as { chain: string; count: number })),
      ),
    }),
  });
}

Deno.test("export, verify: to a new file and back, without a daemon", async () => {
  const rig = rigOf(["one", ...HOSTILE_TEXTS.map(({ text }) => text)]);
  const count = HOSTILE_TEXTS.length + 1;
  const made = await rig.run("export", "tea", "--out", "/t/tea.jsonl");
  assert.deepEqual([made.code, made.stdout, made.stderr], [
    ...[0, `${count} messages, written to /t/tea.jsonl\n`, ""],
  ]);
  const asked = rig.calls.length;
  const checked = await rig.run("verify", "/t/tea.jsonl");
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(
    checked.stdout,
    new RegExp(
      `^${count} messages of #tea by 1 agent, numbers 1 to ${count}: in order\n`,
    ),
  );
  assert.match(checked.stdout, /\ndoes not prove: that all was exported/);
  const { relay } = someStatus();
  assert.ok(checked.stdout.includes(` from ${relay}\n`), checked.stdout);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(checked.stdout, /\x1b/);
  const json = JSON.parse(
    (await rig.run("verify", "/t/tea.jsonl", "--json")).stdout,
  );
  assert.deepEqual([json.messages, json.room, json.by, json.seqs], [
    count,
    "tea",
    ada.id,
    { first: 1, last: count },
  ]);
  assert.equal(rig.calls.length, asked);
});

Deno.test("verify: what is no relay's address is shown as a name is, whatever its exporter wrote there", async () => {
  const relay = "wss://x proves: all\u001b[2J";
  const rig = rigOf(["one"]);
  rig.answers["GET status"] = () => ({ ...someStatus(), relay });
  await rig.run("export", "tea", "--out", "/t/odd");
  const { code, stdout } = await rig.run("verify", "/t/odd");
  assert.equal(code, 0);
  assert.match(stdout, / from wss‹U\+003A›/);
  assert.ok(!stdout.includes("proves: all"));
});

Deno.test("export: to standard output, with what it came to beside it; --since is part of the question", async () => {
  const rig = rigOf(["one", "two"]);
  const { stdout, stderr } = await rig.run("export", "tea");
  assert.equal(stdout.split("\n").length, 5);
  assert.equal(stderr, "agentnet: 2 messages\n");
  rig.files.set("/t/a", stdout);
  assert.equal((await rig.run("verify", "/t/a")).code, 0);
  const none = await rig.run("export", "tea", "--since", "2999-01-01");
  assert.equal(none.stdout.split("\n").length, 3);
  for (const wrong of ["yesterday", "24", "2026-13-01", "2026-1-1", "-1h"]) {
    const { code } = await rig.run("export", "tea", `--since=${wrong}`);
    assert.equal(code, 2, wrong);
  }
});

Deno.test("export --out: a file that is there is not touched, and nothing is left where not all fits", async () => {
  const rig = rigOf(["one"]);
  rig.files.set("/t/there", "mine");
  const there = await rig.run("export", "tea", "--out", "/t/there");
  assert.equal(there.code, 2);
  assert.match(
    there.stderr,
    /can't write \/t\/there: it is there already; name a new file/,
  );
  assert.equal(rig.files.get("/t/there"), "mine");
  rig.fileRoom = 100;
  const full = await rig.run("export", "tea", "--out", "/t/full");
  assert.equal(full.code, 1);
  assert.match(full.stderr, /no space left/);
  assert.equal(rig.files.has("/t/full"), false);
});

Deno.test("verify -: reads standard input, and says the same of it as of a file", async () => {
  const rig = rigOf(["one", "two ü"]);
  const { stdout } = await rig.run("export", "tea");
  const altered = stdout.replace("two ü", "2");
  for (const text of [stdout, altered, "", "hello\n"]) {
    rig.files.set("/t/same", text);
    rig.stdin = new TextEncoder().encode(text);
    for (const flags of [[], ["--json"]]) {
      assert.deepEqual(
        await rig.run("verify", "-", ...flags),
        await rig.run("verify", "/t/same", ...flags),
      );
    }
  }
});

Deno.test("verify: 4 with the line at fault; a file that is none, or not there, is told", async () => {
  const rig = rigOf(["one", "two", "three"]);
  const { stdout } = await rig.run("export", "tea");
  rig.files.set("/t/bad", stdout.replace("two", "2"));
  const bad = await rig.run("verify", "/t/bad");
  assert.deepEqual([bad.code, bad.stdout], [4, ""]);
  assert.match(
    bad.stderr,
    /^agentnet: line 3: its signature is not its author's/,
  );
  const json = await rig.run("verify", "/t/bad", "--json");
  const { error, line } = JSON.parse(json.stdout);
  assert.deepEqual([json.code, json.stderr], [4, ""]);
  assert.deepEqual([error.code, line], ["TRANSCRIPT_WRONG", 3]);
  for (
    const [name, content] of [["empty", ""], ["text", "hello\n"], [
      "long",
      "x".repeat(3_000_000),
    ]] as const
  ) {
    rig.files.set(name, content);
    const { code, stderr } = await rig.run("verify", name);
    assert.equal(code, 4, name);
    assert.match(stderr, /^agentnet: line 1: /);
    assert.ok(stderr.length < 300);
  }
  const none = await rig.run("verify", "/t/none");
  assert.equal(none.code, 2);
  assert.match(none.stderr, /can't read \/t\/none: there is no such file/);
});
