import assert from "node:assert/strict";
import {
  askForStart,
  hearOfStart,
  startPhase,
} from "../../../commands/start/start_phase.ts";
import type { CliContext } from "../../../commands/cli/cli_context.ts";
import { Failure } from "../../../lib/errors.ts";

const around = (said?: string) => ({ env: () => said });

/** A shell that says this line, with a log. */
const shell = (line: string, log = "") =>
  ({
    readStdinLine: () => Promise.resolve(line),
    readTextFile: (path: string) =>
      path === "/d/daemon.log"
        ? Promise.resolve(log)
        : Promise.reject(new Deno.errors.NotFound(path)),
  }) as unknown as CliContext;

Deno.test("startPhase: what no shell of ours says is none", () => {
  for (const said of [undefined, "", "none", "x", "Started"]) {
    assert.equal(startPhase(around(said)), "none");
  }
  for (const said of ["offered", "started", "done"] as const) {
    assert.equal(startPhase(around(said)), said);
  }
});

const reachable = () => Promise.resolve();

Deno.test("askForStart: asks the shell by its exit code, else gives the one line to type", async () => {
  const wanted = { dir: "/my data", flags: { dataDir: "/my data" } };
  const asked = await askForStart(around("offered"), wanted, reachable);
  assert.equal(asked, 10);
  const gone = askForStart(around("done"), wanted, reachable);
  await assert.rejects(gone, { code: "NO_DAEMON" });
  await assert.rejects(askForStart(around(), wanted, reachable), (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.exitCode, 3);
    assert.equal(
      error.fix,
      "start it in a shell: agentnet daemon --data-dir '/my data' >>'/my data/daemon.log' 2>&1 </dev/null &",
    );
    return true;
  });
});

Deno.test("askForStart: where loopback is cut, no daemon is asked for", async () => {
  const cut = () => Promise.reject(new Failure("LOOPBACK_CUT"));
  const wanted = { dir: "/d", flags: {} };
  for (const said of ["offered", undefined]) {
    await assert.rejects(askForStart(around(said), wanted, cut), {
      code: "LOOPBACK_CUT",
    });
  }
});

Deno.test("hearOfStart: a daemon that listens, and one that ran already", async () => {
  const up = { up: "agentnet daemon …", already_running: false };
  assert.equal(await hearOfStart(shell(JSON.stringify(up)), "/d"), false);
  const other = { ...up, already_running: true };
  assert.equal(await hearOfStart(shell(JSON.stringify(other)), "/d"), true);
});

Deno.test("hearOfStart: what kept it from starting comes on as it was", async () => {
  const error = new Failure("PORT_IN_USE", {
    fields: { address: "127.0.0.1:1", setting: "--api" },
  });
  const line = JSON.stringify({ error: error.toJson() });
  await assert.rejects(hearOfStart(shell(line), "/d"), (thrown) => {
    assert.deepEqual((thrown as Failure).toJson(), error.toJson());
    return true;
  });
});

Deno.test("hearOfStart: one that ended without a word is told with the end of its log", async () => {
  const log = "first\nerror: out of memory\n";
  for (const line of ["", "no json", "7", "null"]) {
    await assert.rejects(hearOfStart(shell(line, log), "/d"), (thrown) => {
      assert.equal((thrown as Failure).code, "INTERNAL");
      assert.match(`${thrown}`, /\/d\/daemon\.log: error: out of memory$/);
      return true;
    });
  }
});
