import { idFlag, textFlag } from "./flags.ts";
import type { GuardFlags } from "./guard_flags.ts";

/** The flag by which a text is read from a file. */
export const FILE_FLAG = {
  file: textFlag("file", "Send what stands in a file (- is standard input)"),
} as const;

/** Where a text that is sent comes from, and what its message is called. */
export const TEXT_FLAGS = {
  ...FILE_FLAG,
  id: idFlag("Id of the message; makes a second try safe"),
} as const;

/** Flags of a command that sends a text. */
export interface TextFlags extends GuardFlags {
  readonly file?: string;
  readonly id?: string;
}
