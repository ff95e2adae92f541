import assert from "node:assert/strict";
import denoJson from "../../../deno.json" with { type: "json" };
import { type LockFile, sbom } from "../../../scripts/build/sbom.ts";

const SHA = new Uint8Array(64).fill(7);
const integrity = `sha512-${SHA.toBase64()}`;

const lock: LockFile = {
  specifiers: {
    "npm:@one/used@1.0.0": "1.0.0",
    "npm:tester@^2.0.0": "2.1.0",
  },
  npm: {
    "@one/used@1.0.0": { integrity, dependencies: ["deep", "twice@2.0.0"] },
    "deep@3.0.0_twice@1.0.0": { integrity, dependencies: ["@one/used"] },
    "twice@1.0.0": { integrity },
    "twice@2.0.0": { integrity },
    "tester@2.1.0": { integrity, dependencies: ["twice@1.0.0"] },
  },
};

const input = {
  lock,
  version: "9.8.7",
  deno: "2.9.6",
  npm: { name: "@two/agentnet", deno: "2.9.5", sha512: "ab".repeat(64) },
  imported: new Set(["@one/used"]),
};

interface Bill {
  readonly components: readonly {
    readonly purl: string;
    readonly hashes?: readonly unknown[];
  }[];
  readonly dependencies: readonly {
    readonly ref: string;
    readonly dependsOn: readonly string[];
  }[];
}

const made = (of = input) => sbom(of) as unknown as Bill;

Deno.test("sbom: what the program imports, what that needs, and the runtime; nothing that only tests it", () => {
  assert.deepEqual(made().components.map(({ purl }) => purl), [
    "pkg:github/denoland/deno@v2.9.6",
    "pkg:npm/%40two/agentnet@9.8.7",
    "pkg:npm/deno@2.9.5",
    "pkg:npm/%40one/used@1.0.0",
    "pkg:npm/deep@3.0.0",
    "pkg:npm/twice@2.0.0",
  ]);
});

Deno.test("sbom: the lock's hashes in hex", () => {
  const content = "07".repeat(64);
  assert.deepEqual(made().components[3]?.hashes, [{
    alg: "SHA-512",
    content,
  }]);
});

Deno.test("sbom: every reference of a dependency is a component", () => {
  const { components, dependencies } = made();
  const known = new Set(components.map(({ purl }) => purl));
  for (const { dependsOn } of dependencies) {
    for (const ref of dependsOn) assert.ok(known.has(ref), ref);
  }
  assert.equal(dependencies[0]?.ref, "pkg:generic/agentnet@9.8.7");
});

Deno.test("sbom: the package for npm, with its hash, needs its own runtime and the same libraries", () => {
  const { components, dependencies } = made();
  assert.deepEqual(components[1]?.hashes, [{
    ...{ alg: "SHA-512", content: "ab".repeat(64) },
  }]);
  const [general, npm] = dependencies;
  assert.deepEqual(npm?.ref, "pkg:npm/%40two/agentnet@9.8.7");
  assert.deepEqual(npm.dependsOn[0], "pkg:npm/deno@2.9.5");
  assert.deepEqual(npm.dependsOn.slice(1), general?.dependsOn.slice(1));
});

Deno.test("sbom: a lock with a hole is an error", () => {
  const npm = { ...lock.npm };
  delete npm["deep@3.0.0_twice@1.0.0"];
  assert.throws(() => made({ ...input, lock: { ...lock, npm } }), /deep/);
});

Deno.test("sbom: the project's own lock gives one", async () => {
  const own: LockFile = JSON.parse(
    await Deno.readTextFile(new URL("../../../deno.lock", import.meta.url)),
  );
  const imported = new Set(Object.keys(denoJson.imports));
  const { components } = made({ ...input, lock: own, imported });
  assert.ok(components.length > imported.size / 2);
});
