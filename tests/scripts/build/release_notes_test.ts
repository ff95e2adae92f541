import assert from "node:assert/strict";
import denoJson from "../../../deno.json" with { type: "json" };
import { importedPackages } from "../../../scripts/build/imported_packages.ts";
import { releaseNotes } from "../../../scripts/build/release_notes.ts";

const LOG = "# Changelog\n\n## 1.1.0 (2026-01-02)\n\n- b\n\n### Fixed\n\n" +
  "- c\n\n## 1.0.0\n\n- a\n\n## 0.9.0\n";

Deno.test("releaseNotes: the section of the version, and no other", () => {
  assert.equal(releaseNotes(LOG, "1.1.0"), "- b\n\n### Fixed\n\n- c\n");
  assert.equal(releaseNotes(LOG, "1.0.0"), "- a\n");
});

Deno.test("releaseNotes: null for a version without words", () => {
  for (const version of ["0.9.0", "1.1", "2.0.0", ""]) {
    assert.equal(releaseNotes(LOG, version), null, version);
  }
});

Deno.test("CHANGELOG.md: says something of the version of deno.json", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../CHANGELOG.md", import.meta.url),
  );
  assert.ok(releaseNotes(text, denoJson.version) !== null);
});

Deno.test("importedPackages: static, dynamic and deep imports of the map, each once", () => {
  const map = { hono: "", "@a/b": "", ws: "", unused: "" };
  const sources = [
    'import { cors } from "hono/cors";\nimport "./hono.ts";',
    'export * from "@a/b"; const x = await import("ws"); from "node:fs"',
  ];
  assert.deepEqual(
    [...importedPackages(sources, map)].toSorted(),
    ["@a/b", "hono", "ws"],
  );
});
