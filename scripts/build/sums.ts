import { createHash } from "node:crypto";
import { basename } from "node:path";

/** The lines of a `SHA256SUMS` file, as `sha256sum -c` reads them. */
export async function sha256Sums(paths: readonly string[]): Promise<string> {
  const lines = [];
  for (const path of paths) {
    const digest = createHash("sha256").update(await Deno.readFile(path))
      .digest("hex");
    lines.push(`${digest}  ${basename(path)}\n`);
  }
  return lines.join("");
}
