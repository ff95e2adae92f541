import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { agentProgram } from "../fakes/agent_program.ts";
import { ModelService } from "../fakes/model_service.ts";
import { Terminal } from "../fakes/terminal.ts";
import {
  called,
  fileOf,
  meets,
  programScene,
  type Scene,
  untilIdle,
  untilWakeable,
} from "../scenarios/woken_program.ts";

/** Claude Code's home, in which it asks nothing at its start. */
async function claudeHome(
  { stage, models, env }: Scene,
  config: object,
): Promise<{ env: Record<string, string>; cwd: string }> {
  const cwd = `${stage.folder}/project`;
  await Deno.mkdir(cwd);
  const key = "sk-ant-0123456789abcdef0123";
  await Deno.writeTextFile(
    `${env.HOME}/.claude.json`,
    JSON.stringify({
      ...{ hasCompletedOnboarding: true, theme: "dark" },
      customApiKeyResponses: { approved: [key.slice(-20)], rejected: [] },
      projects: { [cwd]: { hasTrustDialogAccepted: true } },
      ...config,
    }),
  );
  return {
    cwd,
    env: {
      ...env,
      ...{ CLAUDE_CONFIG_DIR: env.HOME ?? "", ANTHROPIC_API_KEY: key },
      ...{ ANTHROPIC_BASE_URL: models.url, DISABLE_AUTOUPDATER: "1" },
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    },
  };
}

Deno.test("Claude Code, idle, is woken through MCP alone", async () => {
  await using claude = await agentProgram(
    "@anthropic-ai/claude-code",
    "claude",
  );
  if (claude === null) return;
  await using stage = await Stage.open();
  await using models = new ModelService();
  const here = await programScene(stage, models);
  const mcpServers = {
    agentnet: { type: "stdio", command: "agentnet", args: ["mcp"] },
  };
  const home = await claudeHome(here, { mcpServers });
  await using _ = new Terminal([claude.path], home);
  await meets(here);
  await untilWakeable(here);
  const { body } = await called(here, "Claude Code by its inbox");
  assert.match(body, /cross-session-message/);
});

Deno.test("Claude Code, idle, is woken by the plugin's monitor, once", async () => {
  await using claude = await agentProgram(
    "@anthropic-ai/claude-code",
    "claude",
  );
  if (claude === null) return;
  await using stage = await Stage.open();
  await using models = new ModelService();
  const here = await programScene(stage, models);
  const home = await claudeHome(here, {});
  for (
    const args of [
      ["validate", fileOf("integrations/claude")],
      ["validate", fileOf("integrations/claude/agentnet")],
      ["marketplace", "add", fileOf("integrations/claude")],
      ["install", "agentnet@agentnet"],
    ]
  ) {
    const { success, stderr } = await new Deno.Command(claude.path, {
      ...{ args: ["plugin", ...args], ...home, clearEnv: true },
    }).output();
    assert.ok(success, `${args}: ${new TextDecoder().decode(stderr)}`);
  }
  await using terminal = new Terminal([claude.path], home);
  await meets(here);
  // A monitor starts with the first turn at the latest.
  await terminal.type("hello\r");
  await untilWakeable(here);
  await untilIdle(models);
  await called(here, "Claude Code by the plugin's monitor");
  await untilIdle(models);
  assert.equal((await here.ben.json(["status"])).value.wakes.today, 1);
});
