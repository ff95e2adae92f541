import {
  type AttachedFile,
  attachedFile,
} from "../../lib/protocol/attached_file.ts";
import { type FileKey, sealedFile } from "../../lib/sealed/file_key.ts";
import { type SqlRow, textOrNone } from "../../lib/sql/sql.ts";

/** A file as it is kept with its message; of a sealed one with its key, which nobody is shown. */
export type KeptFile = AttachedFile & Partial<FileKey>;

/** A file of a message of ours, from when it was taken in until its message has come to an end. */
export type SentFile = KeptFile & {
  /** By what it is found among the files that wait here. */
  readonly upload: string;
};

/** For the column `file`. */
export function writeFile(file: KeptFile | undefined): string | null {
  return file === undefined ? null : JSON.stringify(file);
}

/** What the column `file` holds, as anybody may see it. */
export function fileOf(row: SqlRow): AttachedFile | undefined {
  return attachedFile(valueOf(row));
}

/** The same with its key. */
export function keptFileOf(row: SqlRow): KeptFile | undefined {
  const value = valueOf(row);
  return sealedFile(value) ?? attachedFile(value);
}

/** The same of a message of ours. */
export function sentFileOf(row: SqlRow): SentFile | undefined {
  const { upload } = valueOf(row) as { upload?: unknown } ?? {};
  const file = keptFileOf(row);
  return file === undefined || typeof upload !== "string"
    ? undefined
    : { ...file, upload };
}

function valueOf(row: SqlRow): unknown {
  const text = textOrNone(row, "file");
  return text === undefined ? undefined : JSON.parse(text);
}
