import { Failure } from "../../lib/errors.ts";

/** Says whether the shell that started the program found every word to be UTF-8 (scripts/rights.sh). */
const FOUND = "AGENTNET_ARGUMENTS";

/**
 * The runtime puts U+FFFD for bytes of a command line that are not UTF-8, and no program can tell: a text would go out
 * altered. So launcher and portable file look at the bytes. Where nobody looked, that character is refused with them.
 *
 * @throws {Failure} TEXT_INVALID.
 */
export function checkArgumentBytes(
  args: readonly string[],
  env: (name: string) => string | undefined,
): void {
  if (!args.some((word) => word.includes("\ufffd"))) return;
  const found = env(FOUND);
  if (found === "utf-8") return;
  const where = "the command line";
  const fields = found === undefined
    ? {
      where,
      reason: "U+FFFD, which stands for bytes that are not UTF-8",
      fix: "write it in UTF-8; where U+FFFD is meant, standard input takes it",
    }
    : { where, reason: "bytes that are not UTF-8", fix: "write it in UTF-8" };
  throw new Failure("TEXT_INVALID", { fields });
}
