import assert from "node:assert/strict";
import {
  clientHosts,
  compileFlags,
  permissionFlags,
  unstableFlags,
} from "../../../scripts/build/compile_flags.ts";
import { type Target, TARGETS } from "../../../scripts/build/targets.ts";
import { PERMISSION_FLAGS } from "../../../scripts/permissions.ts";
import { engineFlags } from "../../../scripts/v8_flags.ts";

const relay = new URL("wss://relay.example.org/v1/ws");

Deno.test("permissionFlags: a general file has those of the launcher", () => {
  assert.deepEqual(
    permissionFlags().toSorted(),
    PERMISSION_FLAGS.toSorted(),
  );
});

Deno.test("permissionFlags: a file for agents' hosts has one host and loopback, and nothing more than a general one", () => {
  const flags = permissionFlags({ clientOnly: { relays: [relay] } });
  assert.ok(
    flags.includes(
      "--allow-net=relay.example.org:443,127.0.0.1,localhost,[::1]",
    ),
  );
  const names = (list: readonly string[]) =>
    list.map((flag) => flag.split("=")[0] as string);
  assert.deepEqual(
    names(flags).toSorted(),
    names(permissionFlags()).toSorted(),
  );
  assert.ok(!flags.some((flag) => flag.includes("WS_")));
});

Deno.test("clientHosts: the port is always named", () => {
  const first = (url: string) => clientHosts([new URL(url)])[0];
  assert.equal(first("wss://h.example"), "h.example:443");
  assert.equal(first("ws://h.example"), "h.example:80");
  assert.equal(first("ws://[::2]:8080/x"), "[::2]:8080");
});

Deno.test("compileFlags: every platform's own triple, the same rights, nothing from the network", () => {
  for (const target of TARGETS) {
    const flags = compileFlags({ target, output: "out" });
    assert.ok(flags.includes(`--target=${target.triple}`));
    for (const flag of [...permissionFlags({ target }), ...unstableFlags()]) {
      assert.ok(flags.includes(flag), flag);
    }
    for (const flag of ["--no-remote", "--no-npm", "--app-name=agentnet"]) {
      assert.ok(flags.includes(flag), flag);
    }
    assert.deepEqual(flags.slice(-2), ["--output", "out"]);
  }
});

Deno.test("compileFlags: a file that can be a relay compiles early, one for agents' hosts late", () => {
  const engine = (flags: string[]) =>
    flags.filter((flag) => flag.startsWith("--v8-flags="));
  const [target] = TARGETS as [Target];
  const of = { target, output: "out" };
  assert.deepEqual(engine(compileFlags(of)), [engineFlags({ isEarly: true })]);
  assert.deepEqual(
    engine(compileFlags({ ...of, clientOnly: { relays: [relay] } })),
    [engineFlags({ isEarly: false })],
  );
});

Deno.test("permissionFlags: files are granted as a list, which can be narrowed, but on Windows", () => {
  for (const target of TARGETS) {
    const isList = permissionFlags({ target }).includes("--allow-read=/");
    assert.equal(isList, target.suffix === "", target.name);
  }
});

Deno.test("unstableFlags: workers with permissions of their own need theirs", () => {
  assert.ok(unstableFlags().includes("--unstable-worker-options"));
});
