import { readFlag } from "./flags.ts";
import { wholeNumber } from "./whole_number.ts";

/** The flag of every command whose answer can be long. */
export const MAX_BYTES_FLAG = {
  maxBytes: readFlag(
    wholeNumber(0, 64 * 1024 * 1024),
    "n",
    "Bound the output in bytes (16000; --json: none), 0: no bound",
  ),
} as const;
