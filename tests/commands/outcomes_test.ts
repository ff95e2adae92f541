import assert from "node:assert/strict";
import { type ErrorCode, Failure } from "../../lib/errors.ts";
import { CliRig } from "../fakes/cli_rig.ts";
import { COMMAND_ROWS, nameOf } from "../fakes/command_rows.ts";

for (const row of COMMAND_ROWS) {
  Deno.test(`${nameOf(row)}: success is 0, the answer alone on stdout`, async () => {
    const rig = new CliRig(row.answers);
    const { code, stdout, stderr } = await rig.run(...row.line);
    assert.equal(code, row.code ?? 0, stderr);
    assert.match(stdout, row.stdout);
    if (row.stderr === undefined) assert.equal(stderr, "");
    else assert.match(stderr, row.stderr);
    assert.ok(rig.routes.includes(row.route), `${rig.routes}`);
  });

  Deno.test(`${nameOf(row)}: --json answers one line with the keys promised`, async () => {
    const rig = new CliRig(row.answers);
    const { code, stdout, stderr } = await rig.run(...row.line, "--json");
    assert.equal(code, row.code ?? 0, stderr);
    assert.match(stdout, /^[^\n]+\n$/);
    assert.deepEqual(
      Object.keys(JSON.parse(stdout)).sort(),
      [
        ...row.keys,
      ].sort(),
    );
  });
}

Deno.test("every command: a flag that it doesn't have is 2, and nothing is asked of the daemon", async () => {
  for (const row of COMMAND_ROWS) {
    const rig = new CliRig(row.answers);
    const [command = "", ...rest] = row.line;
    const { code, stdout, stderr } = await rig.run(
      command,
      "--no-such-flag",
      ...rest,
    );
    assert.equal(code, 2, nameOf(row));
    assert.equal(stdout, "", nameOf(row));
    assert.match(stderr, /^agentnet: [^\n]*no-such-flag[^\n]*\n$/, nameOf(row));
    assert.deepEqual(rig.calls, [], nameOf(row));
  }
});

Deno.test("every command: without a daemon it is 3 and says how to start one", async () => {
  for (
    const row of COMMAND_ROWS.filter((one) => one.line[0] !== "wait-ready")
  ) {
    const down = new CliRig(row.answers);
    down.daemonDown = true;
    const bare = new CliRig(row.answers);
    bare.files.clear();
    for (const rig of [down, bare]) {
      const answer = await rig.run(...row.line);
      assert.equal(answer.code, 3, nameOf(row));
      assert.equal(answer.stdout, "", nameOf(row));
      assert.match(
        answer.stderr,
        /^agentnet: no daemon answers[^\n]*; start it: agentnet up\n$/,
      );
    }
  }
});

Deno.test("without a daemon: another identity's is named, since the address may be that of one that runs", async () => {
  const rig = new CliRig();
  rig.files.clear();
  const { code, stderr } = await rig.run("status", "--as", "erin");
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^agentnet: no daemon of erin answers[^\n]*; start it: agentnet up --as erin\n$/,
  );
});

Deno.test("every command: a wrong token is 3", async () => {
  for (
    const row of COMMAND_ROWS.filter((one) => one.line[0] !== "wait-ready")
  ) {
    const rig = new CliRig(row.answers);
    rig.env.set("AGENTNET_TOKEN", "of another daemon");
    const { code, stderr } = await rig.run(...row.line);
    assert.equal(code, 3, nameOf(row));
    assert.match(stderr, /token/);
  }
});

/** Failures that a daemon answers, and the exit code that each must come to. */
const FAILURES: readonly [ErrorCode, number][] = [
  ["INTERNAL", 1],
  ["ROOM_NOT_FOUND", 4],
  ["NOT_IN_ROOM", 4],
  ["ROOM_EXISTS", 4],
  ["AUTH_FAILED", 4],
  ["LIMIT_REACHED", 4],
  ["NOT_CONNECTED", 5],
  ["TOO_NEW", 5],
  ["RATE_LIMITED", 5],
  ["OUTCOME_UNKNOWN", 7],
];

for (const [code, exit] of FAILURES) {
  Deno.test(`every command: ${code} is ${exit}, one line with what to do next`, async () => {
    const failure = new Failure(code, {
      fields: { room: "tea" },
      retryAfterMs: 41_500,
    });
    for (
      const row of COMMAND_ROWS.filter((one) => one.line[0] !== "wait-ready")
    ) {
      const rig = new CliRig({ ...row.answers, [row.route]: () => failure });
      const text = await rig.run(...row.line);
      assert.equal(text.code, exit, nameOf(row));
      assert.equal(text.stdout, "", nameOf(row));
      assert.match(text.stderr, /^agentnet: [^\n]+; [^\n]+\n$/, nameOf(row));
      const json = await rig.run(...row.line, "--json");
      assert.equal(json.code, exit, nameOf(row));
      assert.equal(json.stderr, "", nameOf(row));
      assert.deepEqual(JSON.parse(json.stdout).error, failure.toJson());
    }
  });
}

Deno.test("TOO_NEW and RATE_LIMITED: the seconds left stand in the line", async () => {
  for (const code of ["TOO_NEW", "RATE_LIMITED"] as const) {
    const failure = new Failure(code, { retryAfterMs: 41_500 });
    const rig = new CliRig({ "POST join": () => failure });
    const { stderr } = await rig.run("join", "tea");
    assert.match(stderr, /42 s/);
  }
});

Deno.test("something else than a daemon at its address is 1", async () => {
  const rig = new CliRig({
    "GET status": () => new Response("<html>", { status: 200 }),
  });
  const { code, stderr } = await rig.run("status");
  assert.equal(code, 1);
  assert.match(stderr, /something else than a daemon/);
});
