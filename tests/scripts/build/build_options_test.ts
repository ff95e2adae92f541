import assert from "node:assert/strict";
import {
  type BuildOptions,
  parseBuildOptions,
  parseReleaseOptions,
} from "../../../scripts/build/build_options.ts";
import { TARGETS } from "../../../scripts/build/targets.ts";

Deno.test("parseBuildOptions: nothing asked is a general file for this platform", () => {
  assert.deepEqual(parseBuildOptions([]), {
    ok: true,
    options: { targets: [], portable: false },
  });
});

Deno.test("parseBuildOptions: --all is every platform, --client-only one relay", () => {
  const parsed = parseBuildOptions([
    "--all",
    "--client-only",
    "--relay",
    "wss://relay.example.org",
  ]);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.options.targets, TARGETS);
  assert.deepEqual(relaysOf(parsed.options), ["wss://relay.example.org/"]);
});

const relaysOf = ({ clientOnly }: BuildOptions) =>
  clientOnly?.relays.map(({ href }) => href);

Deno.test("parseBuildOptions: --relay may name several addresses, each checked", () => {
  const read = (relay: string) =>
    parseBuildOptions(["--client-only", "--relay", relay]);
  const parsed = read("wss://a.example.org/x,y,ws://[::1]:81");
  assert.ok(parsed.ok);
  assert.deepEqual(relaysOf(parsed.options), [
    "wss://a.example.org/x,y",
    "ws://[::1]:81/",
  ]);
  assert.ok(!read("wss://a.example.org,wss://u:p@b.example.org").ok);
});

Deno.test("parseBuildOptions, parseReleaseOptions: an install line that may be shown, and no other", () => {
  const install = "npx -y @scope/agentnet@1.2.3";
  const args = ["--install", install];
  const compiled = parseBuildOptions(args);
  assert.equal(compiled.ok && compiled.options.install, install);
  assert.deepEqual(parseReleaseOptions([...args, "--partial"]), {
    ok: true,
    options: { partial: true, install },
  });
  assert.deepEqual(parseReleaseOptions([]), {
    ok: true,
    options: { partial: false },
  });
  const wrong = ["npx agentnet", "bun x agentnet@1", "", "a\nb"];
  for (const parse of [parseBuildOptions, parseReleaseOptions]) {
    for (const line of wrong) {
      const parsed = parse(["--install", line]);
      assert.match(parsed.ok ? "" : parsed.reason, /^--install can't be shown/);
    }
  }
  for (const args of [["--al"], ["file"], ["--install"]]) {
    assert.ok(!parseReleaseOptions(args).ok, args.join(" "));
  }
});

Deno.test("parseBuildOptions: what is not understood is refused with one line", () => {
  const wrong = [
    ["--al"],
    ["file"],
    ["--relay", "wss://relay.example.org"],
    ["--client-only"],
    ["--client-only", "--relay", "relay.example.org"],
    ["--client-only", "--relay", "https://relay.example.org"],
    ["--client-only", "--relay", "wss://u:p@relay.example.org"],
    ["--client-only", "--relay", "wss://relay.example.org/#x"],
  ];
  for (const args of wrong) {
    const parsed = parseBuildOptions(args);
    assert.ok(!parsed.ok, args.join(" "));
    assert.match(parsed.reason, /^[^\n]+$/);
    assert.doesNotMatch(parsed.reason, /u:p/);
  }
});
