import assert from "node:assert/strict";
import type { FromBlobs, ToBlobs } from "../../../../relay/blobs/blob_port.ts";
import type { BlobAsk } from "../../../../relay/core/edge/blob_requests.ts";
import { BlobClient } from "../../../../relay/shell/blobs/blob_client.ts";
import { BlobSweep } from "../../../../relay/shell/blobs/blob_sweep.ts";

/** A sweep over a worker with these files, at a relay that knows of one of each. */
function rig(isCurrent: boolean) {
  const said: ToBlobs[] = [];
  const port = {
    onmessage: null as ((event: MessageEvent) => void) | null,
    postMessage: (message: unknown) => void said.push(message as ToBlobs),
    close: () => {},
  };
  const files: BlobClient = new BlobClient({
    want: () => {},
    onListed: (hashes) => sweep.listed(hashes),
    onObjects: (ids) => sweep.objectsListed(ids),
  });
  const ask = (asked: BlobAsk) => {
    if (asked.kind !== "known") return;
    const known = {
      kind: "blobs_known",
      token: 0,
      files: 1,
      bytes: 1,
    } as const;
    asked.onAnswer(
      { ...known, hashes: ["known"], ids: ["known"] },
      (id) => id !== "young",
    );
  };
  const sweep: BlobSweep = new BlobSweep({
    ...{ files, ask },
    isCurrent: () => isCurrent,
  });
  files.connect(port);
  const hear = (data: FromBlobs) =>
    port.onmessage?.(new MessageEvent("message", { data }));
  return { sweep, said, hear };
}

Deno.test("BlobSweep: a relay that has yet to hear whose files are looks for none to remove", () => {
  const { sweep, said } = rig(false);
  for (let i = 0; i < 700; i++) sweep.check();
  assert.deepEqual(said, []);
});

Deno.test("BlobSweep: what is nobody's goes, of the servers' what is settled alone", () => {
  const { sweep, said, hear } = rig(true);
  sweep.check();
  assert.deepEqual(said.map(({ type }) => type), ["list", "list_objects"]);
  said.length = 0;
  hear({ type: "listed", hashes: ["known", "other"] });
  hear({ type: "objects", ids: ["known", "young", "other"] });
  assert.deepEqual(said, [
    { type: "remove", hashes: ["other"] },
    { type: "purge_objects", ids: ["other"] },
  ]);
});
