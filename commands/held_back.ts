import { Failure } from "../lib/errors.ts";
import { findSecret } from "../lib/guards/secrets.ts";
import { LocalApi } from "../lib/local_api/client.ts";
import type { CliContext } from "./cli_context.ts";
import { daemonPlace } from "./daemon_access.ts";
import type { CommonFlags } from "./flags.ts";

/** A text shorter than this can't hold our own key, whose 64 bytes are 86 to 88 characters of base58. */
const SHORTEST_KEY = 86;

export interface SendingFlags extends CommonFlags {
  readonly allowSecret?: boolean;
}

/**
 * The daemon's API, for a text that is allowed to leave.
 *
 * @throws {Failure} SECRET_HELD_BACK, naming kind and place and never the value.
 */
export async function apiToSend(
  context: CliContext,
  flags: SendingFlags,
  texts: readonly string[],
): Promise<LocalApi> {
  const place = await daemonPlace(context, flags);
  const api = new LocalApi(place, (url, init) => context.fetch(url, init));
  if (flags.allowSecret) return api;
  const long = texts.some((text) => text.length >= SHORTEST_KEY);
  const own = {
    apiToken: place.token,
    ...(long ? { agentId: (await api.identity()).id } : {}),
  };
  for (const text of texts) {
    const found = findSecret(text, own);
    if (found === null) continue;
    const { kind, place: where } = found;
    throw new Failure("SECRET_HELD_BACK", { fields: { kind, place: where } });
  }
  return api;
}
