import assert from "node:assert/strict";
import type { CliContext } from "../../../commands/cli/cli_context.ts";
import { withKeptEnvironment } from "../../../commands/held_daemon/kept_environment.ts";
import { routeThrough } from "../../../lib/host/proxy_env.ts";
import { ENV_NAMES } from "../../../scripts/permissions.ts";

/** A process whose rights to its environment and its host's name can be given away. */
function rig(set: Readonly<Record<string, string>>) {
  const real = new Map(Object.entries(set));
  const state = { isGranted: true };
  const granted = <Value>(value: Value): Value => {
    if (!state.isGranted) throw new Deno.errors.NotCapable("given away");
    return value;
  };
  const context = {
    env: (name: string) => granted(real.get(name)),
    environment: {
      get: (name: string) => granted(real.get(name)),
      set: (name: string, value: string) => void granted(real).set(name, value),
      delete: (name: string) => void granted(real).delete(name),
    },
    hostname: () => granted("the host"),
  };
  return { real, state, kept: withKeptEnvironment(context as CliContext) };
}

Deno.test("withKeptEnvironment: variables and the host's name are there after the rights have gone", () => {
  const { state, kept } = rig({ AGENTNET_RELAY: "wss://r", HOME: "/h" });
  state.isGranted = false;
  assert.equal(kept.env("AGENTNET_RELAY"), "wss://r");
  assert.equal(kept.env("HOME"), "/h");
  assert.equal(kept.env("AGENTNET_NAME"), undefined);
  assert.equal(kept.hostname(), "the host");
});

Deno.test("withKeptEnvironment: a second daemon routes as the first did, without a right to the environment", () => {
  for (const proxy of [undefined, "http://proxy.example.org:3128/"]) {
    const { real, state, kept } = rig({
      HTTPS_PROXY: "http://old.example.org:1",
      all_proxy: "http://old.example.org:1",
      NO_PROXY: "example.org",
    });
    routeThrough(kept.environment, proxy);
    assert.equal(real.get("HTTPS_PROXY"), proxy);
    assert.equal(real.has("all_proxy"), false);
    const before = new Map(real);
    state.isGranted = false;
    routeThrough(kept.environment, proxy);
    assert.equal(kept.environment.get("HTTPS_PROXY"), proxy);
    assert.deepEqual(real, before);
  }
});

/** What nothing asks for once an MCP server runs: of a relay, of other commands, of the start itself, of who started it. */
const NOT_KEPT =
  /^(AGENTNET_RELAY_.+|AGENTNET_(START|INSTALL|ARGUMENTS)|CLAUDE_CODE_.+|NO_COLOR|WS_NO_.+)$/;

Deno.test("withKeptEnvironment: keeps each variable that the program may read, but for those that an MCP server has no use for", () => {
  const { state, kept } = rig(
    Object.fromEntries(ENV_NAMES.map((name) => [name, name])),
  );
  state.isGranted = false;
  const isKept = (name: string) =>
    [kept.env, kept.environment.get].some((get) => {
      try {
        return get(name) === name;
      } catch (error) {
        if (error instanceof Deno.errors.NotCapable) return false;
        throw error;
      }
    });
  for (const name of ENV_NAMES) {
    assert.equal(isKept(name), !NOT_KEPT.test(name), name);
  }
});

Deno.test("withKeptEnvironment: asks for no variable that the program may not read", () => {
  const asked = new Set<string>();
  const note = (name: string) => void asked.add(name);
  withKeptEnvironment({
    env: note,
    environment: { get: note },
    hostname: () => "the host",
  } as unknown as CliContext);
  const allowed = new Set<string>(ENV_NAMES);
  assert.deepEqual([...asked].filter((name) => !allowed.has(name)), []);
  assert.ok(asked.size > 10);
});
