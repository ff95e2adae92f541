import assert from "node:assert/strict";
import { isBaseMissing } from "../../../scripts/build/make_file.ts";
import { sha256Sums } from "../../../scripts/build/sums.ts";
import { hostTarget, TARGETS } from "../../../scripts/build/targets.ts";

Deno.test("isBaseMissing: a fetch that failed, and no other trouble", () => {
  const url = "https://dl.deno.land/release/v2.9.6/denort-x.zip";
  assert.ok(isBaseMissing(`error: Could not download ${url}: dns error`));
  assert.ok(!isBaseMissing("error: Module not found main.js"));
});

Deno.test("hostTarget: by triple, and none for a platform without a file", () => {
  assert.equal(hostTarget("aarch64-apple-darwin")?.name, "macos-arm64");
  assert.equal(hostTarget("riscv64gc-unknown-linux-gnu"), undefined);
});

Deno.test("TARGETS: every name once, only Windows with a suffix", () => {
  assert.equal(new Set(TARGETS.map(({ name }) => name)).size, TARGETS.length);
  for (const { name, suffix } of TARGETS) {
    assert.equal(suffix, name.startsWith("windows") ? ".exe" : "");
  }
});

Deno.test("sha256Sums: the lines that sha256sum -c reads", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/a`, "abc");
    assert.equal(
      await sha256Sums([`${folder}/a`]),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
