import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import { parseBlobs } from "../../../relay/keeper/blob_flags.ts";

Deno.test("parseBlobs: sizes, and the time for which files are kept", () => {
  const settings = parseBlobs({
    blobSize: "512KB",
    blobKeep: "12h",
    blobAgent: "1mb",
    blobRoom: "2MB",
    blobTotal: "1GB",
  });
  assert.deepEqual(settings, {
    bytes: 524_288,
    keptMs: 43_200_000,
    agentBytes: 1_048_576,
    roomBytes: 2_097_152,
    addressBytes: 4 * 1_048_576,
    totalBytes: 2 ** 30,
  });
  assert.equal(parseBlobs({ blobs: "off" }), null);
});

Deno.test("parseBlobs: what is no such flag names it", () => {
  const wrong = [
    [{ blobs: "yes" }, "blobs"],
    [{ blobSize: "16" }, "blob-size"],
    [{ blobSize: "0MB" }, "blob-size"],
    [{ blobSize: "2GB" }, "blob-size"],
    [{ blobSize: "1.5MB" }, "blob-size"],
    [{ blobAgent: "MB" }, "blob-agent"],
    [{ blobKeep: "0m" }, "blob-keep"],
    [{ blobKeep: "367d" }, "blob-keep"],
    [{ blobKeep: "7" }, "blob-keep"],
  ] as const;
  for (const [flags, name] of wrong) {
    assert.throws(
      () => parseBlobs(flags),
      (error: unknown) =>
        error instanceof Failure && error.code === "USAGE" &&
        error.message.includes(`--${name}`),
      name,
    );
  }
});
