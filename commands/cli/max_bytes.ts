import { type CommonFlags, readFlag } from "./flags.ts";
import { wholeNumber } from "./whole_number.ts";

/** Flags of a command whose answer can be long. */
export interface BoundFlags extends CommonFlags {
  readonly maxBytes?: number;
}

/** The flag of every command whose answer can be long. */
export const MAX_BYTES_FLAG = {
  maxBytes: readFlag(
    wholeNumber(0, 64 * 1024 * 1024),
    "n",
    "Bound the output in bytes (16000; --json: none), 0: no bound",
  ),
} as const;
