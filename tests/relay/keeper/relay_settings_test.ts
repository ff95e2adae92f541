import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { DEFAULT_LIMITS } from "../../../relay/core/settings.ts";
import {
  readAdmission,
  readLimits,
} from "../../../relay/keeper/operator_files.ts";
import {
  parseRelayOptions,
  type RelayFlags,
} from "../../../relay/keeper/relay_settings.ts";
import { agent } from "../../fakes/agents.ts";

Deno.test("parseRelayOptions: the defaults of an operator who says nothing", () => {
  assert.deepEqual(parseRelayOptions({}, "/home/x"), {
    hostname: "127.0.0.1",
    port: 8080,
    dataDir: "/home/x/.agentnet/relay",
    history: "public",
    direct: true,
    blobs: {
      bytes: 16 * 2 ** 20,
      keptMs: 604_800_000,
      agentBytes: 256 * 2 ** 20,
      roomBytes: 512 * 2 ** 20,
      addressBytes: 2 ** 30,
      totalBytes: 4 * 2 ** 30,
    },
    joinAgeMs: 60_000,
    createAgeMs: 300_000,
    limits: "default",
    trusted: [],
    retainMs: 2_592_000_000,
    roomIdleMs: 2_592_000_000,
    roomEmptyMs: 604_800_000,
    roomGraceMs: 600_000,
    requireOrigin: false,
    isOpen: false,
    cluster: null,
    page: true,
    metrics: [
      { bytes: [127, 0, 0, 0], bits: 8 },
      { bytes: [...new Array(15).fill(0), 1], bits: 128 },
    ],
    logFormat: "text",
    logLevel: "info",
  });
});

Deno.test("parseRelayOptions: flags as they are typed", () => {
  const options = parseRelayOptions({
    listen: "[::1]:0",
    data: "/srv/relay",
    joinAge: "0",
    trustProxy: "10.0.0.0/8, ::1",
    publicUrl: "WSS://Relay.example:443/v1/ws",
    retainRows: "500",
  }, undefined);
  assert.equal(options.hostname, "::1");
  assert.equal(options.port, 0);
  assert.equal(options.joinAgeMs, 0);
  assert.equal(options.trusted.length, 2);
  assert.equal(options.publicUrl, "wss://relay.example/v1/ws");
  assert.equal(options.retainRows, 500);
});

Deno.test("parseRelayOptions: wrong use names the flag", () => {
  const wrong: [RelayFlags, RegExp][] = [
    [{ listen: "8080" }, /--listen/],
    [{ listen: "127.0.0.1:70000" }, /--listen/],
    [{ listen: "relay.example:80" }, /--listen/],
    [{ history: "some" }, /--history/],
    [{ joinAge: "60" }, /--join-age/],
    [{ roomIdle: "1w" }, /--room-idle/],
    [{ roomEmpty: "a week" }, /--room-empty/],
    [{ trustProxy: "10.0.0.0/99" }, /--trust-proxy/],
    [{ metrics: "everybody" }, /--metrics/],
    [{ retainRows: "-1" }, /--retain-rows/],
    [{ publicUrl: "https://x" }, /--public-url/],
    [{ logLevel: "loud" }, /--log-level/],
  ];
  for (const [flags, said] of wrong) {
    assert.throws(
      () => parseRelayOptions(flags, "/home/x"),
      (thrown) =>
        thrown instanceof Failure && thrown.exitCode === 2 &&
        said.test(thrown.message),
    );
  }
  assert.throws(() => parseRelayOptions({}, undefined), /data dir/);
});

Deno.test("readAdmission and readLimits: files with comments; faults name the place", async () => {
  const files: Record<string, string> = {
    allow: `# friends\n${agent(1).id} # Sei\n\n${agent(2).id}\n`,
    bad: "not-an-id\n",
    limits: '{"rooms": 5}',
    odd: '{"romms": 5}',
  };
  const readText = (path: string) =>
    path in files
      ? Promise.resolve(String(files[path]))
      : Promise.reject(new Error("not found"));
  const lists = await readAdmission({ allowFile: "allow" }, readText);
  assert.deepEqual([...lists.allow ?? []], [agent(1).id, agent(2).id]);
  await assert.rejects(readAdmission({ denyFile: "bad" }, readText), /line 1/);
  await assert.rejects(readAdmission({ denyFile: "nix" }, readText), /nix/);
  const limits = await readLimits("limits", readText);
  assert.deepEqual(limits, { ...DEFAULT_LIMITS, rooms: 5 });
  await assert.rejects(readLimits("odd", readText), /romms/);
});

Deno.test("readLimits: a wrong value is refused with its line and the rule", async () => {
  const table: [string, RegExp][] = [
    ['{\n"rooms": 1,\n"messagesPerAgent": 0}', /line 3.*whole number from 1/],
    ['{"rooms": "5"}', /line 1: rooms must be a whole number/],
    ['{\n\n"rooms": 1,}', /not JSON: line 3/],
    ["[]", /not a JSON object/],
  ];
  for (const [text, said] of table) {
    await assert.rejects(readLimits("f", () => Promise.resolve(text)), said);
  }
});
