import assert from "node:assert/strict";
import { Background } from "../../scripts/background.ts";
import { Stage } from "../../scripts/stage.ts";
import { agentProgram } from "../fakes/agent_program.ts";
import { ModelService } from "../fakes/model_service.ts";
import {
  called,
  meets,
  programScene,
  untilIdle,
} from "../scenarios/woken_program.ts";

Deno.test("OpenCode, idle, is posted a wake by the daemon", async () => {
  await using opencode = await agentProgram("opencode-ai", "opencode");
  if (opencode === null) return;
  await using stage = await Stage.open();
  await using models = new ModelService();
  const password = "a-password-of-opencode";
  const token_file = `${stage.folder}/password`;
  await Deno.writeTextFile(token_file, password, { mode: 0o600 });
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const here = await programScene(stage, models, {
    wake_targets: [{ program: "opencode", url, token_file }],
  });
  await here.ben.online({ relay: here.relay });
  await meets(here);
  const cwd = `${stage.folder}/project`;
  await Deno.mkdir(cwd);
  await Deno.writeTextFile(
    `${cwd}/opencode.json`,
    JSON.stringify({
      ...{ model: "mock/m", small_model: "mock/m" },
      ...{ autoupdate: false, share: "disabled" },
      provider: {
        mock: {
          ...{ npm: "@ai-sdk/openai-compatible", name: "mock" },
          options: { baseURL: `${models.url}/v1`, apiKey: "x" },
          models: { m: { name: "m" } },
        },
      },
    }),
  );
  const child = new Deno.Command(opencode.path, {
    args: ["serve", "--port", `${port}`],
    ...{ cwd, clearEnv: true, stdin: "null" },
    env: { ...here.env, OPENCODE_SERVER_PASSWORD: password },
    ...{ stdout: "piped", stderr: "piped" },
  }).spawn();
  await using server = new Background(child);
  await server.line(/listening on/, 120_000);
  const authorization = `Basic ${btoa(`opencode:${password}`)}`;
  const post = async (path: string, body: object) => {
    const response = await fetch(`${url}/${path}`, {
      ...{ method: "POST", body: JSON.stringify(body) },
      headers: { authorization, "content-type": "application/json" },
    });
    const text = await response.text();
    assert.ok(response.ok, text);
    return JSON.parse(text);
  };
  // A session that was used: the first turn of a server loads what it needs.
  const { id } = await post("session", {});
  const parts = [{ type: "text", text: "hello" }];
  await post(`session/${id}/message`, { parts });
  await untilIdle(models);
  await called(here, "OpenCode by the daemon's post");
});

/** One on which nobody listens at this moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
