import assert from "node:assert/strict";
import { target } from "../../../scripts/lint/place.ts";
import { sitesOf } from "../../fakes/lint_run.ts";
import { isInProject, projectText } from "../../fakes/project_files.ts";

/** What agents call all day, by the names of their files. */
const OFTEN = [
  ...["status", "send", "messages", "ask", "reply", "rooms", "hook", "whoami"],
  ...["show", "history", "who", "wait_ready", "watch", "dm", "claim", "search"],
];

/** What a file names before its first line runs. */
const NAMED = new Map<string, readonly string[]>();

function namedAtStart(path: string): readonly string[] {
  const known = NAMED.get(path);
  if (known !== undefined) return known;
  const named = sitesOf(projectText(path))
    .filter(({ node, typesOnly }) => !typesOnly && !LATER.includes(node.type))
    .flatMap(({ specifier }) => specifier ?? [])
    .map((one) => one.startsWith(".") ? target(path, one) : one);
  NAMED.set(path, named);
  return named;
}

/** No path, and no URL, of a module of Node. */
const isOurs = (one: string) => !one.startsWith("node:") && isInProject(one);

const LATER = ["ImportExpression", "NewExpression", "CallExpression"];

/** All modules that files are loaded with: paths from the root, packages, `node:`. */
function loadedWith(...entries: readonly string[]): Set<string> {
  const loaded = new Set(entries);
  for (const path of loaded) {
    const named = isOurs(path) ? namedAtStart(path) : [];
    for (const one of named) loaded.add(one);
  }
  return loaded;
}

const loadedBy = (command: string) =>
  loadedWith("main.ts", `commands/${command}.ts`);

Deno.test("commands: what agents call all day loads no module of Node, and two small packages at most", () => {
  for (const command of OFTEN) {
    const others = [...loadedBy(command)].filter((one) => !isOurs(one));
    const small = ["@stricli/core", "@scure/base"];
    assert.deepEqual(others.filter((one) => !small.includes(one)), [], command);
  }
});

Deno.test("commands: only who shows messages loads how they are shown, and only who sends what may leave", () => {
  for (const command of ["status", "rooms", "hook", "whoami"]) {
    const loaded = loadedBy(command);
    for (
      const path of [
        "lib/guards/look_alikes.ts",
        "lib/guards/secret_rules.ts",
        "lib/rendering/message_list.ts",
      ]
    ) assert.ok(!loaded.has(path), `${command}: ${path}`);
  }
  assert.ok(loadedBy("messages").has("lib/rendering/message_list.ts"));
  assert.ok(loadedBy("send").has("lib/guards/secret_rules.ts"));
});

Deno.test("relay: its keeper loads no module of Node, its sockets no package but those that every connection needs", () => {
  const others = (loaded: ReadonlySet<string>) =>
    [...loaded].filter((one) => !isOurs(one)).sort();
  assert.deepEqual(others(loadedBy("relay")), ["@scure/base", "@stricli/core"]);
  const ofSockets = others(loadedWith("relay/shell/socket_worker.ts"))
    .filter((one) => !one.startsWith("node:"));
  assert.deepEqual(ofSockets, ["@scure/base", "valibot", "ws"]);
});
