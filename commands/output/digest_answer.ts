import { visibleJson } from "../../lib/guards/visible.ts";
import type { Digest } from "../../lib/local_api/types/digest.ts";
import { DIGEST_BYTES, digestList } from "../../lib/rendering/digest_text.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { type Bound, fitted } from "./bounded.ts";

interface DigestAnswer {
  readonly digest: Digest;
  /** The command that shows the messages themselves. */
  readonly all: string;
}

/** Answers with what messages come to, within a bound of its own. @throws {Failure} USAGE as {@link fitted} */
export function answerDigest(
  context: CliContext,
  { json = false, maxBytes }: Bound,
  { digest, all }: DigestAnswer,
): void {
  // As data it is whole, or not at all.
  const whole = {
    count: 0,
    longest: 0,
    render: () => `${visibleJson(digest)}\n`,
  };
  const list = json ? whole : digestList(context, digest, all);
  const most = maxBytes ?? (json ? 0 : DIGEST_BYTES);
  context.stdout.write(fitted(list, { maxBytes: most }).text);
}
