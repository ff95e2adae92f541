import {
  type FileTransfer,
  fileTransfer,
} from "../../lib/local_api/file_transfer.ts";
import type { DaemonPlace } from "../../lib/local_api/locate.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { patientPlace } from "../daemon_access/daemon_api.ts";

/** Files to and from the daemon of these flags. */
export async function transferOf(
  context: CliContext,
  flags: CommonFlags,
): Promise<FileTransfer> {
  return transferAt(context, await patientPlace(context, flags));
}

/** The same at a place that was found. */
export function transferAt(
  { stream, clock }: Pick<CliContext, "stream" | "clock">,
  place: DaemonPlace,
): FileTransfer {
  return fileTransfer(place, { stream, clock });
}
