import { type LocalApi, localApi } from "../../lib/local_api/client.ts";
import { type PlainCalls, plainCalls } from "./plain.ts";
import type { StagedAgent } from "../../scripts/stage.ts";

/** The API of an agent's daemon, by the address and token in its folder. */
export async function stagedApi(
  { dataDir }: StagedAgent,
): Promise<PlainCalls<LocalApi>> {
  const read = async (name: string) =>
    (await Deno.readTextFile(`${dataDir}/${name}`)).trim();
  const [token, address] = [await read("api.token"), await read("api.addr")];
  return plainCalls(localApi({ address, token }, fetch));
}
