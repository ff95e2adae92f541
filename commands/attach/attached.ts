import { Attachment } from "../../lib/attachments/attachment.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { apiAt, ownDirs, patientPlace } from "../daemon_access/daemon_api.ts";
import type { SendingFlags } from "../daemon_access/api_to_send.ts";
import { transferOf } from "./transfer.ts";
import { ProgressNotes } from "../output/progress_notes.ts";

/**
 * Opens the file that goes with a message, and looks at all of it before anything is said.
 *
 * @throws {Failure} as `Attachment.open`.
 */
export async function openAttached(
  context: CliContext,
  flags: SendingFlags,
  path: string,
): Promise<Attachment> {
  const place = await patientPlace(context, flags);
  const { id: agentId } = await apiAt(context, flags, place).identity();
  return await Attachment.open(context.files, path, {
    closed: ownDirs(context, flags),
    own: flags.allowSecret ? null : { apiToken: place.token, agentId },
  });
}

/** Hands it to the daemon. @returns what of a send names it. @throws {Failure} as `Attachment.handOver`. */
export async function handOver(
  context: CliContext,
  flags: SendingFlags,
  { attached, room }: {
    readonly attached: Attachment;
    readonly room: RoomName;
  },
): Promise<{ readonly attach: string }> {
  const transfer = await transferOf(context, flags);
  const progress = new ProgressNotes(context, "files");
  const { upload } = await attached.handOver(
    room,
    transfer,
    (bytes) => progress.of(bytes, attached.size),
  );
  return { attach: upload };
}
