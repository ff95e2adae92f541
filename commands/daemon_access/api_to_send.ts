import { refuseSecrets } from "../../lib/conversation/secret_check.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { apiAt, patientPlace } from "./daemon_api.ts";
import type { CommonFlags } from "../cli/flags.ts";

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
  const place = await patientPlace(context, flags);
  const api = apiAt(context, flags, place);
  if (!flags.allowSecret) {
    await refuseSecrets(texts, { api, token: place.token });
  }
  return api;
}
