import { visibleJson } from "../../lib/guards/visible.ts";
import type { Digest } from "../../lib/local_api/types.ts";
import { DIGEST_BYTES, digestList } from "../../lib/rendering/digest_text.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { type Bound, fitted } from "./bounded.ts";

interface DigestAnswer {
  readonly digest: Digest;
  /** The command that shows the messages themselves. */
  readonly all: string;
}

/** Answers with what messages come to, within a bound of its own. */
export function answerDigest(
  context: CliContext,
  { json, maxBytes }: Bound,
  { digest, all }: DigestAnswer,
): void {
  const text = json
    ? `${visibleJson(digest)}\n`
    : fitted(digestList(context, digest, all), {
      maxBytes: maxBytes ?? DIGEST_BYTES,
    }).text;
  context.stdout.write(text);
}
