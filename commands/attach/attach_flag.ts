import { textFlag } from "../cli/flags.ts";

/** The flag by which a file goes with a message. */
export const ATTACH_FLAG = {
  attach: textFlag("file", "Send this file with it, at most 16 MB"),
} as const;

export interface AttachFlags {
  readonly attach?: string;
}
