import { Attachment } from "../lib/attachments/attachment.ts";
import { saveFile } from "../lib/attachments/save_file.ts";
import { Failure } from "../lib/errors.ts";
import type { AnyMessage } from "../lib/local_api/types/messages.ts";
import type { SendRequest } from "../lib/local_api/types/sends.ts";
import type { AttachedFile } from "../lib/protocol/attached_file.ts";
import type { RoomName } from "../lib/protocol/names.ts";
import type { Daemon, ToolContext } from "./tool_context.ts";

/** What of a send names its file. */
export type Attach = Pick<SendRequest, "attach">;

/**
 * Looks at the file that is to go with a message; then `handOver` hands it to the daemon, for the room. Nothing where
 * none is named.
 *
 * @throws {Failure} FILE_REFUSED without a folder, or outside of it; as `Attachment.open`.
 */
export async function withFile<Result>(
  { files }: ToolContext,
  { api, token, transfer }: Daemon,
  { path, send }: {
    readonly path: string | undefined;
    readonly send: (
      handOver: (room: RoomName) => Promise<Attach>,
    ) => Promise<Result>;
  },
): Promise<Result> {
  if (path === undefined) return await send(() => Promise.resolve({}));
  if (files === undefined) throw noFolder(path);
  const { id: agentId } = await api.identity();
  using attached = await Attachment.open(
    files.opener,
    await files.folder.readable(path),
    { closed: files.closed, own: { apiToken: token, agentId } },
  );
  return await send(async (room) => {
    const taken = await attached.handOver(room, transfer, () => undefined);
    return { attach: taken.upload };
  });
}

/**
 * Gets the file of a message into a new one of the folder.
 *
 * @returns where it is. @throws {Failure} FILE_REFUSED likewise; NOT_FOUND; as `saveFile`.
 */
export async function getFile(
  { files }: ToolContext,
  { transfer }: Daemon,
  { message, id, out }: {
    readonly message: AnyMessage;
    readonly id: string;
    readonly out: string;
  },
): Promise<{ readonly path: string; readonly file: AttachedFile }> {
  if (files === undefined) throw noFolder(out);
  const { file, from } = message;
  if (file === undefined) {
    throw new Failure("NOT_FOUND", {
      fields: {
        what: `file with the message '${id.slice(0, 128)}'`,
        fix: "messages with a file name it, and the command that gets it",
      },
    });
  }
  const path = await files.folder.writable(out);
  const query = { id, from };
  const wanted = { query, file, path, create: files.create };
  await saveFile(wanted, transfer, () => undefined);
  return { path, file };
}

function noFolder(path: string): Failure {
  return new Failure("FILE_REFUSED", {
    fields: {
      path,
      reason: "no folder for files was named to this server",
      fix:
        "a human names one in its configuration: agentnet mcp --files DIR, and restarts it",
    },
  });
}
