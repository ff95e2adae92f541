import type { FilesFolder } from "../lib/attachments/files_folder.ts";
import type { FileOpener } from "../lib/attachments/opened_file.ts";
import type { FileToKeep } from "../lib/attachments/save_file.ts";

/** What tools may do with files: within one folder, and with nothing of it that must not leave. */
export interface ToolFiles {
  readonly folder: FilesFolder;
  readonly opener: FileOpener;
  /** Folders of which no file ever leaves: data dirs. */
  readonly closed: readonly string[];
  /** Makes a new file. Rejects with an error of `Deno.errors`, where there is one already too. */
  readonly create: (path: string) => Promise<FileToKeep>;
}
