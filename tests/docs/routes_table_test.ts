import assert from "node:assert/strict";
import { v2Routes } from "../../daemon/http/v2_routes.ts";
import { Slots } from "../../daemon/http/slots.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { codeIn, tableUnder } from "../fakes/markdown_table.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { projectText } from "../fakes/project_files.ts";

/** "GET /v2/status" for each route that the daemon has. */
function served(): string[] {
  const options = {
    // No route is called.
    agent: {} as AgentApi,
    clock: new FakeClock(),
    waiting: new Slots(1),
  };
  return v2Routes(options).map(({ method, path }) => `${method} ${path}`);
}

/** The same of a cell: a path without a method has the one before it. */
function documented(cell: string): string[] {
  let method = "";
  return codeIn(cell).map((code) => {
    const [path = "", named = method] = code.split(" ").reverse();
    method = named;
    return `${method} ${path.split("?")[0]}`;
  });
}

Deno.test("docs/architecture.md, The local API: every route that the daemon has, and no other", () => {
  const page = projectText("docs/architecture.md");
  const told = tableUnder(page, "## The local API")
    .flatMap(([routes = ""]) => documented(routes));
  assert.deepEqual(told.sort(), served().sort());
});
