import type { ToolFiles } from "../../mcp/files_context.ts";
import type { CliContext } from "../cli/cli_context.ts";
import type { CommonFlags } from "../cli/flags.ts";
import { ownDirs } from "../daemon_access/daemon_api.ts";

/**
 * What an MCP server's tools may do with files, where a human named a folder for them.
 *
 * @throws {Failure} USAGE where there is no such folder.
 */
export async function toolFiles(
  context: CliContext,
  { files, ...flags }: CommonFlags & { readonly files?: string },
): Promise<ToolFiles | undefined> {
  if (files === undefined) return undefined;
  const { FilesFolder } = await import(
    "../../lib/attachments/files_folder.ts"
  );
  return {
    folder: await FilesFolder.open(files, context.files),
    opener: context.files,
    closed: ownDirs(context, flags),
    create: (path) => context.createFile(path),
  };
}
