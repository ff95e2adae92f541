import { type LocalApi, localApi } from "../../lib/local_api/client.ts";
import type { StagedAgent } from "../stage.ts";

/** A relay without age gates and counts. */
export const OPEN_RELAY = [
  "--join-age",
  "0",
  "--create-age",
  "0",
  "--limits",
  "off",
] as const;

/** Wall time of an action in milliseconds. */
export async function took(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** The local API of an agent whose daemon runs. */
export async function localApiOf(agent: StagedAgent): Promise<LocalApi> {
  const read = async (name: string) =>
    (await Deno.readTextFile(`${agent.dataDir}/${name}`)).trim();
  return localApi({
    address: await read("api.addr"),
    token: await read("api.token"),
  }, fetch);
}
