import assert from "node:assert/strict";
import { v2Routes } from "../../daemon/http/v2_routes.ts";
import { Slots } from "../../daemon/http/slots.ts";
import {
  OPERATION_NAMES,
  OPERATIONS,
  pathOf,
  PATIENCE_MS,
} from "../../lib/local_api/operations.ts";
import { FakeAgent } from "../fakes/fake_agent.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

const ROOT = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFileSync(new URL(path, ROOT));

/** Rows of the first table of a section, cell by cell, without head and rule. */
function tableOf(page: string, heading: string): string[][] {
  const section = page.slice(page.indexOf(`\n## ${heading}\n`) + 1);
  const table = /(?:^\|.*\n)+/m.exec(section)?.[0] ?? "";
  return table.trimEnd().split("\n").slice(2)
    .map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Request and answer of each operation as the contract names their types; types are gone when a program runs. */
function typesOf(source: string): ReadonlyMap<string, readonly string[]> {
  const line = /^ {2}(\w+): \w+<\s*(\S+),\s*(\S+?),?\s*>\(/gm;
  return new Map(
    [...source.matchAll(line)].map(([, name = "", ...types]) => [
      name,
      types,
    ]),
  );
}

const TYPES = typesOf(read("lib/local_api/operations.ts"));
const TABLE = tableOf(read("docs/architecture.md"), "The local API");
/** Those that are no operation, since their bodies are no JSON. */
const OTHERS = ["`PUT /v2/file`", "`GET /v2/file`", "`GET /v2/events`"];

Deno.test("docs/architecture.md: the table of the local API is the contract, row by row", () => {
  const rows = OPERATION_NAMES.map((name) => {
    const { method, patience } = OPERATIONS[name];
    const [request = "", answer = ""] = TYPES.get(name) ?? [];
    const seconds = `${PATIENCE_MS[patience] / 1000} s`;
    return [
      `\`${method} ${pathOf(name)}\``,
      request === "NoRequest" ? "" : `\`${request}\``,
      `\`${answer}\``,
      patience === "held" ? `${seconds} and \`wait_ms\`` : seconds,
    ];
  });
  const told = TABLE.filter(([route = ""]) => !OTHERS.includes(route));
  assert.deepEqual(told, rows);
});

Deno.test("docs/architecture.md: the table of the local API has every route that is served", () => {
  const [agent, clock] = [new FakeAgent(), new FakeClock()];
  const served = v2Routes({ agent, clock, waiting: new Slots(1) })
    .map(({ method, path }) => `\`${method} ${path}\``);
  assert.deepEqual(TABLE.map(([route]) => route), served);
});
