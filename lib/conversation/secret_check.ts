import { Failure } from "../errors.ts";
import { findSecret } from "../guards/secrets.ts";
import type { LocalApi } from "../local_api/client.ts";

/** A text shorter than this can't hold our own key, whose 64 bytes are 86 to 88 characters of base58. */
const SHORTEST_KEY = 86;

/** What a text is looked at by: the daemon, for this agent's id, and the token of its API. */
export interface SecretCheck {
  readonly api: Pick<LocalApi, "identity">;
  readonly token: string;
}

/**
 * Holds back texts that look like they hold a secret.
 *
 * @throws {Failure} SECRET_HELD_BACK, naming kind and place and never the value.
 */
export async function refuseSecrets(
  texts: readonly string[],
  { api, token }: SecretCheck,
): Promise<void> {
  const long = texts.some((text) => text.length >= SHORTEST_KEY);
  const own = {
    apiToken: token,
    ...(long ? { agentId: (await api.identity()).id } : {}),
  };
  for (const text of texts) {
    const found = findSecret(text, own);
    if (found === null) continue;
    const { kind, place } = found;
    throw new Failure("SECRET_HELD_BACK", { fields: { kind, place } });
  }
}
