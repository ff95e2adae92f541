import assert from "node:assert/strict";
import { reportRunning } from "../../../daemon/keeper/running_report.ts";
import { parseDaemonSettings } from "../../../daemon/keeper/settings.ts";
import { Failure } from "../../../lib/errors.ts";
import { someStatus } from "../../fakes/api_values.ts";

const STATUS = someStatus({ agent_name: "ada" });

function report(
  name: string | undefined,
  env: Record<string, string> = {},
  status = STATUS,
) {
  const said: string[] = [];
  const settings = parseDaemonSettings({ relay: STATUS.relay, name }, {
    env: (variable) => ({ HOME: "/home/ada", ...env })[variable],
    hostname: () => "host",
    remembered: { name: "remembered" },
  });
  const code = reportRunning(settings, {
    print: (line) => said.push(line),
  }, status);
  return { code, said };
}

Deno.test("reportRunning: says who runs, also to who named nobody or the same", () => {
  for (const name of [undefined, "ada", " ada "]) {
    const { code, said } = report(name);
    assert.equal(code, 0);
    assert.match(said[0] ?? "", /one runs already/);
  }
});

Deno.test("reportRunning: who named another agent is refused, by flag and by variable", () => {
  const ways = [
    () => report("bob"),
    () => report(undefined, { AGENTNET_NAME: "bob" }),
  ];
  for (const way of ways) {
    assert.throws(way, (error) => {
      assert.ok(error instanceof Failure);
      assert.deepEqual([error.code, error.exitCode], ["OTHER_NAME", 1]);
      assert.match(error.message, /as 'ada', not as 'bob'$/);
      return true;
    });
  }
});

Deno.test("reportRunning: of one that an agent program's MCP server holds it says how to take its place", () => {
  const held = someStatus({ ...STATUS, held_by: "mcp" });
  const { code, said } = report(undefined, {}, held);
  assert.equal(code, 0);
  assert.match(said[0] ?? "", /MCP server holds it, and agentnet up takes it/);
});
