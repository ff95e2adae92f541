import assert from "node:assert/strict";
import { Background } from "../../scripts/background.ts";
import { Stage } from "../../scripts/stage.ts";
import { agentProgram } from "../fakes/agent_program.ts";
import { ModelService } from "../fakes/model_service.ts";
import { Terminal } from "../fakes/terminal.ts";
import {
  called,
  fileOf,
  HOSTILE,
  LINE,
  meets,
  programScene,
  type Scene,
  untilIdle,
  untilWakeable,
} from "../scenarios/woken_program.ts";

/** Codex's home, with these hooks. */
async function codexHome(
  { stage, models, env }: Scene,
  events: readonly string[],
): Promise<{ env: Record<string, string>; cwd: string }> {
  const cwd = `${stage.folder}/project`;
  await Deno.mkdir(cwd);
  await Deno.mkdir(`${env.HOME}/.codex`);
  const hooks = events.map((event) => `
[[hooks.${event}]]
[[hooks.${event}.hooks]]
type = "command"
command = "agentnet hook codex"
timeout = 10
`);
  await Deno.writeTextFile(
    `${env.HOME}/.codex/config.toml`,
    `model = "mock"
model_provider = "mock"
approval_policy = "never"
sandbox_mode = "read-only"
[model_providers.mock]
name = "mock"
base_url = "${models.url}/v1"
wire_api = "responses"
env_key = "MOCK_KEY"
[projects."${cwd}"]
trust_level = "trusted"
${hooks.join("")}`,
  );
  return { cwd, env: { ...env, MOCK_KEY: "x" } };
}

/** The thread of the one session that Codex's home has. */
async function threadOf(home: string): Promise<string> {
  for (;;) {
    const { stdout } = await new Deno.Command("find", {
      args: [`${home}/.codex`, "-name", "rollout-*.jsonl"],
    }).output();
    const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/
      .exec(new TextDecoder().decode(stdout))?.[0];
    if (id !== undefined) return id;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

Deno.test("Codex, idle, is woken by codex queue from watch, as docs/running.md has it", async () => {
  await using codex = await agentProgram("@openai/codex", "codex");
  if (codex === null) return;
  await using stage = await Stage.open();
  await using models = new ModelService();
  const here = await programScene(stage, models);
  await here.ben.online({ relay: here.relay });
  await meets(here);
  const home = await codexHome(here, []);
  await using _ = new Terminal([codex.path, "hello"], home);
  await models.holding(/hello/);
  const ID = await threadOf(here.env.HOME ?? "");
  const page = await Deno.readTextFile(fileOf("docs/running.md"));
  const line = /^agentnet watch \| .*codex queue.*$/m.exec(page)?.[0] ?? "";
  await Deno.symlink(codex.path, `${stage.folder}/bin/codex`);
  const child = new Deno.Command("sh", {
    ...{ args: ["-c", line], env: { ...home.env, ID }, clearEnv: true },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  const shell = new Background(child);
  await untilWakeable(here);
  await untilIdle(models);
  await called(here, "Codex by codex queue");
  await here.ben.run(["stop"]);
  await shell.end();
});

for (const event of ["SessionStart", "UserPromptSubmit", "Stop"]) {
  Deno.test(`Codex: its hook ${event} is answered in the shape that it takes`, async () => {
    await using codex = await agentProgram("@openai/codex", "codex");
    if (codex === null) return;
    await using stage = await Stage.open();
    await using models = new ModelService();
    const here = await programScene(stage, models);
    await here.ben.online({ relay: here.relay });
    await meets(here);
    await here.ann.run(["send", "tea", HOSTILE]);
    for (let unread = 0; unread === 0;) {
      unread = (await here.ben.json(["status"])).value.unread;
    }
    const home = await codexHome(here, [event]);
    const words = [codex.path, "--dangerously-bypass-hook-trust", "hello"];
    await using _ = new Terminal(words, home);
    const { body } = await models.holding(LINE);
    assert.match(body, /hello/);
    assert.doesNotMatch(body, /which tea|ignore all rules/);
  });
}
