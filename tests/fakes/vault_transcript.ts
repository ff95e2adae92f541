import { transcribe } from "../../lib/conversation/transcribe.ts";
import type {
  AttestRequest,
  FramesQuery,
} from "../../lib/local_api/types/transcripts.ts";
import { encodeBase58 } from "../../lib/protocol/base58.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { attestedBytes } from "../../lib/transcript/attestation.ts";
import { footLine, LineChain } from "../../lib/transcript/transcript_lines.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import { roomName } from "./plain.ts";
import { type SealedAgent, waitFor } from "./sealed_agent.ts";
import type { SealedHub } from "./sealed_hub.ts";
import { adaAndBob, say } from "./sealed_scene.ts";

export const vault = roomName("vault");

/** A transcript of the vault by one of its members, or of a talk. */
export async function exported(
  { clock }: SealedHub,
  { session }: SealedAgent,
  room: RoomName = vault,
) {
  const wanted = { room };
  const api = {
    status: () => Promise.resolve(session.status()),
    identity: () => Promise.resolve(session.identity()),
    frames: (query: FramesQuery) => session.frames(query),
    attest: (end: AttestRequest) => session.attest(end),
  };
  return await transcribe({ clock }, api, wanted, () => {});
}

/** The same lines changed, with a chain and an end that fit: what a lying exporter can make. */
export function remade(
  by: SealedAgent,
  lines: readonly string[],
  change: (line: RawObject, at: number) => RawObject | null,
): string[] {
  const chain = new LineChain();
  const out: string[] = [];
  const changed = lines.slice(0, -1).map((line, at) =>
    change(JSON.parse(line), at)
  );
  for (const line of changed) {
    if (line === null) continue;
    const marked = "after" in line ? { ...line, after: chain.mark } : line;
    const text = JSON.stringify(marked);
    chain.add(text);
    out.push(text);
  }
  const count = changed.filter((line) => line !== null && "key" in line).length;
  const end = { count, chain: chain.hex };
  const signature = encodeBase58(by.identity.sign(attestedBytes(end)));
  return [...out, footLine({ ...end, signature })];
}

/** Ada and Bob talked; Bob exports it. */
export async function talked() {
  const scene = await adaAndBob();
  const { hub, ada, bob } = scene;
  await waitFor(
    hub,
    ada.session.send({ room: vault, text: "one", receipt: true }),
  );
  await bob.hears("one");
  await waitFor(hub, bob.say("vault", "two \u{1F600}"));
  await ada.hears("two \u{1F600}");
  await hub.goOn(15_000);
  await say(hub, ada, "three");
  await bob.hears("three");
  const { lines, messages } = await exported(hub, bob);
  return { ...scene, lines, messages };
}

/** What is opened in it. */
export const texts = (lines: readonly string[]) =>
  lines.flatMap((line) => JSON.parse(line).text ?? []);
