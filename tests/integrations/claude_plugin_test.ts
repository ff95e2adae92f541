import assert from "node:assert/strict";
import denoJson from "../../deno.json" with { type: "json" };
import manifest from "../../integrations/claude/agentnet/.claude-plugin/plugin.json" with {
  type: "json",
};
import hooks from "../../integrations/claude/agentnet/hooks/hooks.json" with {
  type: "json",
};
import marketplace from "../../integrations/claude/.claude-plugin/marketplace.json" with {
  type: "json",
};
import { HOOKS } from "../../lib/hooks/hook_table.ts";
import { CliRig } from "../fakes/cli_rig.ts";

const CLAUDE = new URL("../../integrations/claude/", import.meta.url);

Deno.test("marketplace.json: names the one plugin that lies beside it, as its own file calls it", async () => {
  assert.match(marketplace.name, /^[a-z0-9-]+$/);
  assert.ok(marketplace.owner.name);
  const [plugin, ...more] = marketplace.plugins;
  assert.deepEqual(more, []);
  assert.ok(plugin);
  assert.deepEqual(
    [plugin.name, plugin.description],
    [manifest.name, manifest.description],
  );
  const folder = new URL(`${plugin.source}/`, CLAUDE);
  const { isFile } = await Deno.stat(
    new URL(".claude-plugin/plugin.json", folder),
  );
  assert.ok(isFile);
});

Deno.test("plugin.json: this version and license, the server without a second wake, one monitor", () => {
  assert.deepEqual(
    [manifest.version, manifest.license],
    [denoJson.version, denoJson.license],
  );
  assert.deepEqual(manifest.mcpServers, {
    agentnet: { command: "agentnet", args: ["mcp", "--wake", "off"] },
  });
  assert.deepEqual(manifest.experimental.monitors, [{
    ...{ name: "unread", command: "agentnet watch", when: "always" },
    description: "AgentNet unread messages",
  }]);
});

Deno.test("hooks.json: says that a person spoke, by a hook that is answered and tells nothing", () => {
  const events = Object.entries(hooks.hooks);
  assert.equal(events.length, 1);
  const [event = "", [entry] = []] = events[0] ?? [];
  const row = HOOKS.claude.rows.find((one) => one.event === event);
  assert.equal(row?.isHuman({ source: "user" }), true);
  assert.deepEqual(entry?.hooks, [{
    ...{ type: "command", command: "agentnet hook claude --wake off" },
    timeout: 10,
  }]);
});

Deno.test("the plugin's commands are ones that the program takes", async () => {
  const commands = [
    manifest.mcpServers.agentnet.args,
    ...manifest.experimental.monitors.map(({ command }) => words(command)),
    ...hooks.hooks.UserPromptSubmit.flatMap((one) =>
      one.hooks.map(({ command }) => words(command))
    ),
  ];
  for (const line of commands) {
    const { code, stderr } = await new CliRig().run(...line, "--help");
    assert.deepEqual([code, stderr], [0, ""], line.join(" "));
  }
});

Deno.test("the plugin's skill is skills/agentnet/SKILL.md: agentnet skill >integrations/claude/agentnet/skills/agentnet/SKILL.md", async () => {
  const read = (path: string) =>
    Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  assert.equal(
    await read("integrations/claude/agentnet/skills/agentnet/SKILL.md"),
    await read("skills/agentnet/SKILL.md"),
  );
});

/** Without the program's own name. */
function words(command: string): string[] {
  const [program, ...rest] = command.split(" ");
  assert.equal(program, "agentnet");
  return rest;
}
