import type { AttachedFile } from "../protocol/attached_file.ts";
import { fileFacts, fileNameText, fileState } from "./file_text.ts";
import { idText, type ShownMessage } from "./message_text.ts";
import { Speakers } from "./speakers.ts";
import { timeText } from "./time_text.ts";

/** A message with a file. */
export type FileMessage = ShownMessage & { readonly file: AttachedFile };

/** Those of them that have one. */
export function withFiles(messages: readonly ShownMessage[]): FileMessage[] {
  return messages.flatMap((message) => {
    const { file } = message;
    return file === undefined ? [] : [{ ...message, file }];
  });
}

/** A file that can be had, as one line: `k7q2xm 12:03:04Z 5s ago ada·8NYU1dXe ✓, 12.3 KB, …, available: report.pdf`. */
export function fileLine(message: FileMessage, now: number): string {
  const speakers = new Speakers();
  speakers.expect([message]);
  const { file, timestamp } = message;
  const head = [
    idText(message),
    timeText(timestamp, now),
    message.you ? "you" : speakers.called(message),
  ].join(" ");
  return `${head}, ${fileFacts(file)}, ${fileState(file, now)}: ${
    fileNameText(file)
  }`;
}

/** The same as data. */
export function filePart(message: FileMessage, now: number) {
  const { id, short_id, from, from_name, timestamp, you, file } = message;
  return {
    ...{ id, short_id, from, from_name, timestamp, you },
    ...file,
    state: fileState(file, now),
  };
}
