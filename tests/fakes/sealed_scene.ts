import type { RawObject } from "../../lib/protocol/frames.ts";
import { SealedAgent, vaultOf, waitFor } from "./sealed_agent.ts";
import { SealedHub } from "./sealed_hub.ts";

/** What a frame of a private room says on the wire. */
export const textOf = (raw: RawObject) =>
  (raw.content as { text: string }).text;

/** Whether a frame says so: "m" a message, "e" a record, "j", "q", "r". */
export const isKind = (kind: string) => (raw: RawObject) =>
  textOf(raw).startsWith(`agentnet-e2e-1.${kind}.`);

/** Ada and Bob in a private room "vault" that Ada made. */
export async function adaAndBob(features?: []): Promise<{
  hub: SealedHub;
  ada: SealedAgent;
  bob: SealedAgent;
  wire: string;
}> {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  const wire = await vaultOf(hub, [ada, bob]);
  return { hub, ada, bob, wire };
}

/** Says something in "vault". */
export const say = (hub: SealedHub, who: SealedAgent, text: string) =>
  waitFor(hub, who.say("vault", text));
