import { ok, rejects, strictEqual } from "node:assert/strict";
import type { FileApi } from "../../../../lib/local_api/agent_api.ts";
import type { TakenFile } from "../../../../lib/local_api/types/files.ts";
import { FEATURES } from "../../../../lib/protocol/frames.ts";
import { asChecked } from "../../../fakes/plain.ts";
import { SessionRig } from "../../../fakes/session_rig.ts";

const features = FEATURES;

/** Hands over a file of three bytes. @param content what comes rather than those */
async function take(
  { session: { fileApi } }: SessionRig,
  content: AsyncIterable<Uint8Array> = ReadableStream.from([
    Uint8Array.of(1, 2, 3),
  ]),
): Promise<TakenFile> {
  const wanted = asChecked<Parameters<FileApi["take"]>[0]>({
    ...{ room: "tea", name: "a.txt", size: 3 },
  });
  const steps = fileApi.take(wanted, content);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

Deno.test("files that come in at once take no more places than those that wait may", async () => {
  using rig = await SessionRig.inTea({ features });
  for (let at = 0; at < 30; at++) await take(rig);
  const more = Array.from({ length: 5 }, () => take(rig));
  const ends = await Promise.allSettled(more);
  ok(ends.some(({ status }) => status === "rejected"));
  ok(rig.files.kept.size <= 32, `${rig.files.kept.size}`);
});

Deno.test("a file that comes in while others are tidied up stays", async () => {
  using rig = await SessionRig.inTea({ features });
  const { list } = rig.files;
  const slow = Promise.withResolvers<void>();
  const isListing = Promise.withResolvers<void>();
  rig.files.list = async () => {
    rig.files.list = list;
    isListing.resolve();
    await slow.promise;
    return await list();
  };
  const first = take(rig);
  await isListing.promise;
  const { upload } = await take(rig);
  slow.resolve();
  await first;
  ok(rig.files.kept.has(upload));
});

Deno.test("of a file without an end no more is written down than was said to come", async () => {
  using rig = await SessionRig.inTea({ features });
  rig.files.room = 1_000;
  const endless = async function* () {
    for (;;) yield await Promise.resolve(new Uint8Array(2));
  };
  await rejects(take(rig, endless()), { code: "FILE_CHANGED" });
  strictEqual(rig.files.kept.size, 0);
  ok(rig.files.room >= 997);
});
