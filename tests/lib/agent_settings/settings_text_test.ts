import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isInstallLine,
  parseSettings,
  settingsText,
} from "../../../lib/agent_settings/settings_text.ts";

const RELAY = "wss://relay.example.org/v1/ws";

function read(value: unknown) {
  return parseSettings(JSON.stringify(value));
}

Deno.test("parseSettings: a relay as it is dialled, a name, and what a newer version wrote beside", () => {
  const parsed = read({
    relay: "wss://RELAY.example.org",
    name: "ada",
    later: { tea: "off" },
  });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.kept.settings, { relay: RELAY, name: "ada" });
  assert.deepEqual({ ...parsed.kept.unknown }, { later: { tea: "off" } });
});

Deno.test("parseSettings: a value that can't be used is an error that names its key and never repeats it", () => {
  const wrong: Record<string, unknown>[] = [
    { relay: "https://relay.example.org" },
    { relay: "wss://user:secret@relay.example.org" },
    { relay: 7 },
    { relay: null },
    { name: "" },
    { name: " ada" },
    { name: "a\u202eb" },
    { name: "a\nb" },
    { name: "x".repeat(65) },
    { name: ["ada"] },
    { install: "npx agentnet" },
    { wake: "nobody" },
    { wake: { tea: "off" } },
    { wake_rooms: "off" },
    { wake_rooms: ["off"] },
    { wake_rooms: { tea: "nobody" } },
    { wake_rooms: { Tea: "off" } },
    { wake_rooms: { tea: 1 } },
    { wake_targets: {} },
    { wake_targets: [{ program: "opencode", url: "http://10.0.0.1" }] },
  ];
  for (const value of wrong) {
    const parsed = read(value);
    assert.ok(!parsed.ok, JSON.stringify(value));
    const [key = ""] = Object.keys(value);
    assert.equal(parsed.reason, `"${key}" can't be used`);
  }
});

Deno.test("parseSettings: whose messages wake, in all and in some rooms, and who is posted wakes", () => {
  const settings = {
    ...{
      wake: "everyone",
      wake_rooms: { tea: "off", constructor: "contacts" },
      wake_targets: [{ program: "opencode", url: "http://127.0.0.1:4096/" }],
    },
  };
  const parsed = read(settings);
  assert.ok(parsed.ok);
  assert.deepEqual({ ...parsed.kept.settings }, settings);
});

Deno.test("parseSettings: what is no object of JSON is an error", () => {
  for (const text of ["", "{", "[]", "null", "7", '"x"', "{}x"]) {
    assert.ok(!parseSettings(text).ok, text);
  }
});

Deno.test("parseSettings: any text comes to settings or a reason, and what was read is written as it was", () => {
  const keys = fc.constantFrom(
    ...["relay", "name", "wake", "wake_rooms", "later", "__proto__", "x"],
  );
  const values = fc.oneof(
    fc.constant(RELAY),
    fc.string(),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(fc.property(fc.dictionary(keys, values), (value) => {
    const parsed = read(value);
    if (!parsed.ok) return;
    const again = parseSettings(settingsText(parsed.kept));
    assert.deepEqual(again, parsed);
  }));
  fc.assert(fc.property(fc.string(), (text) => {
    const parsed = parseSettings(text);
    assert.ok(parsed.ok || parsed.reason !== "");
  }));
});

Deno.test("isInstallLine: a scoped name or an address, never the npm name of somebody else", () => {
  const good = [
    "npx -y @scope/agentnet@1.2.3",
    "npm install -g @scope/agentnet",
    "npx -y ./agentnet-0.2.0.tgz",
    "curl -fsSL https://example.org/agentnet/install.sh | sh",
    "npx -y https://example.org/agentnet-0.2.0.tgz",
    "bun x @scope/agentnet",
    "npm install ./agentnet/",
    "curl -fsSLo ./agentnet https://example.org/agentnet && chmod +x ./agentnet",
  ];
  for (const line of good) assert.ok(isInstallLine(line), line);
  const bad = [
    "npx agentnet",
    "npx -y agentnet@latest",
    "npx agentnet join x",
    "npm i -g agentnet",
    "npx --package=agentnet x",
    "npx 'agentnet'",
    "pnpm dlx agentnet",
    "bun x agentnet",
    "bunx agentnet@1",
    "NPX agentnet",
    "npx AgentNet",
    "npm install agentnet/",
    "npm install agentnet\\@1",
    'npx agent""net',
    "npx -y -p agentnet,@scope/agentnet x",
    "yarn dlx npm:agentnet",
    "deno run -A npm:agentnet",
    "deno install npm:agentnet@1/cli",
    "pnpx agentnet;",
    "npx.cmd agentnet",
    "npm i x@npm:agentnet",
    "npx -y $(echo agentnet)",
    "npx -pagentnet x",
    "vp dlx agentnet",
    "corepack yarn add agentnet",
    "",
    "a\nb",
    "x".repeat(301),
  ];
  for (const line of bad) assert.ok(!isInstallLine(line), line);
});
