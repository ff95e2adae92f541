import assert from "node:assert/strict";
import {
  linesText,
  settingsFiles,
  SETUP_PROGRAMS,
} from "../../lib/agent_programs/setup_table.ts";
import { TARGET_PROGRAMS } from "../../lib/agent_settings/wake_target.ts";
import { CliRig } from "../fakes/cli_rig.ts";

Deno.test("setup: each program's files, what each line does, and the lines; nothing is asked or written", async () => {
  for (const program of SETUP_PROGRAMS) {
    const rig = new CliRig();
    for (const flags of [[], ["--remove"]]) {
      const { code, stdout, stderr } = await rig.run(
        "setup",
        program,
        ...flags,
      );
      assert.deepEqual([code, stderr], [0, ""], program);
      const verb = flags.length === 0 ? "Put into" : "Take out of";
      for (const { file, lines, does } of settingsFiles(program)) {
        assert.ok(stdout.includes(`${verb} ${file}:\n`), file);
        assert.ok(stdout.includes(`\n\n${linesText(lines)}\n`), file);
        for (const one of does) assert.ok(stdout.includes(`  ${one}\n`), one);
      }
    }
    assert.deepEqual(rig.calls, []);
  }
});

Deno.test("setup --json: the JSON that the file with the server takes; with --hooks that of the hooks", async () => {
  const rig = new CliRig();
  const value = async (...words: string[]) =>
    JSON.parse((await rig.run("setup", ...words, "--json")).stdout);
  const claude = await value("claude");
  assert.deepEqual(claude, {
    mcpServers: {
      agentnet: { type: "stdio", command: "agentnet", args: ["mcp"] },
    },
  });
  assert.deepEqual(await value("claude", "--remove"), claude);
  const { hooks } = await value("claude", "--hooks");
  assert.deepEqual(Object.keys(hooks), [
    "SessionStart",
    "UserPromptSubmit",
    "Stop",
  ]);
  assert.deepEqual(await value("opencode", "--as", "bob"), {
    mcp: {
      agentnet: {
        ...{ type: "local", command: ["agentnet", "mcp", "--as", "bob"] },
        ...{ enabled: true, timeout: 60_000 },
      },
    },
  });
  assert.ok("Stop" in (await value("goose", "--hooks")).hooks);
});

Deno.test("setup: the agent of a data dir that is named by its path stands behind each command, the path whole", async () => {
  const ways = [
    [["--data-dir", "/srv/my agent"], {}],
    [["--as", "bob"], { AGENTNET_DATA_DIR: "/srv/my agent" }],
  ] as const;
  for (const [flags, env] of ways) {
    for (const program of SETUP_PROGRAMS) {
      const rig = new CliRig();
      for (const [name, value] of Object.entries(env)) rig.env.set(name, value);
      const { stdout } = await rig.run("setup", program, ...flags);
      const calls = stdout.match(/agentnet hook \w+[^\n]*/g) ?? [];
      for (const call of calls) {
        assert.match(call, /^agentnet hook \w+ --data-dir '\/srv\/my agent'/);
      }
      assert.match(stdout, /"--data-dir",?\s+(- )?"\/srv\/my agent"/, program);
      assert.doesNotMatch(stdout, /bob/);
    }
  }
  const rig = new CliRig();
  const { stdout } = await rig.run("setup", "claude", "--data-dir", "here");
  assert.ok(stdout.includes(JSON.stringify(`${Deno.cwd()}/here`)));
});

Deno.test("setup: says that the program has to find agentnet, and how where it does not", async () => {
  const { stdout } = await new CliRig().run("setup", "claude");
  assert.match(stdout, /find agentnet on its PATH; .*command -v agentnet\n$/);
});

Deno.test("setup: an unknown program, JSON of a file that is none, hooks that are in no file of their own: exit code 2", async () => {
  for (
    const [words, reason] of [
      [["emacs"], /nothing is known of 'emacs'; one of claude, codex/],
      [["codex", "--json"], /config\.toml is no JSON, but TOML/],
      [["goose", "--json"], /config\.yaml is no JSON, but YAML/],
      [["gemini", "--hooks"], /gemini has no file for hooks alone/],
    ] as const
  ) {
    const { code, stdout, stderr } = await new CliRig().run("setup", ...words);
    assert.equal(code, 2, words.join(" "));
    assert.match(stdout + stderr, reason);
  }
});

Deno.test("setup: says where the daemon is told whom to post wakes to, of each program that takes them so", async () => {
  for (const program of TARGET_PROGRAMS) {
    const { stdout } = await new CliRig().run("setup", program);
    assert.match(stdout, /wake_targets in settings\.json/, program);
  }
});
