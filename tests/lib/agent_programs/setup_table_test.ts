import assert from "node:assert/strict";
import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import {
  linesText,
  type SettingsFile,
  settingsFiles,
  SETUP_PROGRAMS,
} from "../../../lib/agent_programs/setup_table.ts";
import { HOOK_PROGRAMS, HOOKS } from "../../../lib/hooks/hook_table.ts";

const PARSERS: Readonly<
  Record<SettingsFile["lines"]["format"], (text: string) => unknown>
> = {
  ...{ json: JSON.parse, toml: parseToml, yaml: (text) => parseYaml(text) },
  typescript: (text) => ({ text }),
};

/** Those that take MCP servers. */
const WITH_SERVER = SETUP_PROGRAMS.filter((program) => program !== "pi");

const parsed = ({ lines }: SettingsFile) =>
  PARSERS[lines.format](linesText(lines));

/** Every text in a value, and every list of texts as one line. */
function* texts(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) {
    if (value.every((one) => typeof one === "string")) yield value.join(" ");
    for (const one of value) yield* texts(one);
  } else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) yield* texts(one);
  }
}

/** The objects in a value that start AgentNet's server, in whatever words. */
function* servers(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  const { command, cmd, args } = value as Record<string, unknown>;
  const words = [command ?? cmd, args].flat(2).filter((one) => one);
  if (words[0] === "agentnet") yield words.join(" ");
  for (const one of Object.values(value)) yield* servers(one);
}

Deno.test("settingsFiles: in each program's own format, with one server, also for another identity", () => {
  for (const program of WITH_SERVER) {
    for (
      const [as, line] of [[undefined, "agentnet mcp"], [
        "bob",
        "agentnet mcp --as bob",
      ]] as const
    ) {
      const files = settingsFiles(program, as && ["--as", as]);
      const found = files.flatMap((file) => [...servers(parsed(file))]);
      assert.deepEqual(found, [line], program);
      const [first] = files;
      assert.equal(first?.holds, "server", program);
      assert.ok([...servers(parsed(first))].length === 1, program);
      for (const { file, does } of files) {
        assert.match(file, /^~\/\.[\w./-]+\.(json|toml|yaml)$/);
        assert.ok(does.length > 0, file);
      }
    }
  }
});

Deno.test("settingsFiles: hooks for those programs, and those events of them, that agentnet hook answers", () => {
  for (const program of WITH_SERVER) {
    const all = settingsFiles(program, ["--as", "bob"]).map(parsed);
    const lines = all.flatMap((one) => [...texts(one)])
      .filter((text) => text.startsWith("agentnet hook"));
    const known = HOOK_PROGRAMS.find((one) => one === program);
    assert.equal(lines.length > 0, known !== undefined, program);
    if (known === undefined) continue;
    for (const line of lines) {
      assert.match(
        line,
        new RegExp(`^agentnet hook ${program} --as bob( --wait 24h)?$`),
      );
    }
    const events = all.flatMap((one) =>
      Object.keys((one as { hooks?: object }).hooks ?? {})
    );
    const answered = HOOKS[known].rows.map(({ event }) => event);
    for (const event of events) assert.ok(answered.includes(event), event);
  }
});

Deno.test("settingsFiles: pi's extension is that of integrations/, for another identity with its words", async () => {
  const source = await Deno.readTextFile(
    new URL("../../../integrations/pi/agentnet.ts", import.meta.url),
  );
  const [own] = settingsFiles("pi").map(({ lines }) => linesText(lines));
  assert.equal(own, source.trimEnd());
  const [bobs] = settingsFiles("pi", ["--as", "bob"]).map(({ lines }) =>
    linesText(lines)
  );
  assert.equal(
    bobs,
    own?.replace("[] = [];", '[] = ["--as", "bob"];'),
  );
  assert.notEqual(bobs, own);
});

Deno.test("docs/agents.md: file by file and line by line what agentnet setup prints", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../docs/agents.md", import.meta.url),
  );
  const sections = page.split(/^## /m).slice(1);
  assert.equal(sections.length, SETUP_PROGRAMS.length);
  for (const [at, program] of SETUP_PROGRAMS.entries()) {
    const section = sections[at] ?? "";
    assert.ok(section.includes(`\`agentnet setup ${program}\``), program);
    const shown = [...section.matchAll(
      /^`(~[^`]+)`\n\n((?:- .*\n(?: {2}.*\n)*)+)\n```(\w+)\n([^]*?)\n```$/gm,
    )].map(([, file, list = "", format, text]) => ({
      ...{ file, format, text },
      does: list.split(/^- /m).slice(1)
        .map((one) => one.trim().replace(/\s+/g, " ")),
    }));
    const meant = settingsFiles(program).map(({ file, lines, does }) => ({
      ...{ file, does: [...does], format: lines.format },
      text: linesText(lines),
    }));
    assert.deepEqual(shown, meant, program);
  }
});
