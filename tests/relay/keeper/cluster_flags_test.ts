import assert from "node:assert/strict";
import {
  type ClusterFlags,
  parseCluster,
  parseServers,
} from "../../../relay/keeper/cluster_flags.ts";
import type { Failure } from "../../../lib/errors.ts";

const GOOD: ClusterFlags = {
  cluster: "nats://10.0.0.1:4222, tls://b.example.org",
  node: "a",
  clusterMonitor: "http://10.0.0.1:8222,https://[::1]",
};

function refusal(flags: ClusterFlags): Failure {
  try {
    parseCluster(flags);
  } catch (failure) {
    return failure as Failure;
  }
  throw new Error("it was taken");
}

Deno.test("parseCluster: servers and monitors, with the ports that go without saying", () => {
  assert.deepEqual(
    parseCluster({ ...GOOD, clusterCreds: "c", clusterCa: "ca" }),
    {
      node: "a",
      servers: [
        { hostname: "10.0.0.1", port: 4222, isTls: false },
        { hostname: "b.example.org", port: 4222, isTls: true },
      ],
      monitors: [
        { hostname: "10.0.0.1", port: 8222, isTls: false },
        { hostname: "[::1]", port: 8222, isTls: true },
      ],
      isUnsafe: false,
      credsFile: "c",
      caFile: "ca",
    },
  );
});

Deno.test("parseCluster: without --cluster there is none, and its other flags are refused", () => {
  assert.equal(parseCluster({}), null);
  assert.equal(parseCluster({ clusterUnsafe: false }), null);
  for (const flag of ["node", "clusterCreds", "clusterCa", "clusterMonitor"]) {
    assert.match(refusal({ [flag]: "a" }).message, /^--[a-z-]+ says/);
  }
  assert.match(refusal({ clusterUnsafe: true }).message, /^--cluster-unsafe/);
});

Deno.test("parseCluster: a password in an address is refused, and not repeated", () => {
  const { code, exitCode, message, fix } = refusal({
    ...GOOD,
    cluster: "nats://relay:s3cret@10.0.0.1:4222",
  });
  assert.deepEqual([code, exitCode], ["USAGE", 2]);
  assert.ok(!`${message}${fix}`.includes("s3cret"));
  assert.match(fix, /--cluster-creds FILE/);
});

Deno.test("parseCluster: --node and a word on fsync are asked for", () => {
  const { node: _n, ...nameless } = GOOD;
  assert.match(refusal(nameless).message, /--node/);
  const { clusterMonitor: _m, ...blind } = GOOD;
  assert.match(refusal(blind).message, /--cluster-monitor/);
  const unsafe = parseCluster({ ...blind, clusterUnsafe: true });
  assert.deepEqual([unsafe?.isUnsafe, unsafe?.monitors], [true, []]);
  for (const node of ["", "A", "a b", "-a", "a.b", "x".repeat(33)]) {
    assert.match(refusal({ ...GOOD, node }).message, /--node/);
  }
});

Deno.test("parseServers: what is no address of a server is refused", () => {
  const texts = [
    "",
    "10.0.0.1",
    "http://10.0.0.1",
    "nats://",
    "nats://a/b",
    "nats://a?x",
    "nats://a:99999",
    "nats://a b",
    "nats://a#x",
  ];
  for (const text of texts) {
    assert.throws(() => parseServers("cluster", text), /--cluster/, text);
  }
  const many = Array.from({ length: 65 }, (_, i) => `nats://n${i}`).join(",");
  assert.throws(() => parseServers("cluster", many), /more than 64/);
});
