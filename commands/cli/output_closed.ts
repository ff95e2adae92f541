import { OutputClosed } from "./cli_context.ts";

/** How a failed write is named to people, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EPIPE: "nobody reads it any more",
  ENOSPC: "no space is left on the device",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file is as large as it may be",
  EIO: "its terminal or disk is gone",
  EBADF: "it is closed, or not open for writing",
};

/** What a failed write of an output means. @param isCut whether a part of the text was written */
export function outputClosed(error: unknown, isCut = false): OutputClosed {
  const { code, message } = error as { code?: string; message: string };
  return new OutputClosed(REASONS[code ?? ""] ?? message, isCut);
}
