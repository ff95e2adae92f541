import { wholeNumber } from "./whole_number.ts";

/** Reads the value of `--max-bytes`. */
export const readMaxBytes = wholeNumber(1, 64 * 1024 * 1024);
