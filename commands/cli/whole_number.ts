import { Failure } from "../../lib/errors.ts";

/**
 * A reader of whole numbers for a flag.
 *
 * @returns a function that throws a USAGE failure for anything outside of `least` to `most`.
 */
export function wholeNumber(
  least: number,
  most: number,
): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new Failure("USAGE", {
      fields: {
        reason:
          `a whole number from ${least} to ${most} is wanted, not '${text}'`,
        fix: "give one of those",
      },
    });
  };
}
