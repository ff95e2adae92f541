import { join } from "node:path";
import type { ProgramVariant } from "./build_options.ts";
import { type FileForm, makeFile } from "./make_file.ts";
import { bundleProgram } from "./bundle_program.ts";
import { sha256Sums } from "./sums.ts";
import type { Target } from "./targets.ts";
import { defined } from "../../lib/defined.ts";

/** A folder of files, one a platform, with their checksums. */
export interface FilesOrder extends ProgramVariant {
  /** The project's root. */
  readonly root: string;
  /** Where the files go; made if need be. */
  readonly dist: string;
  readonly targets: readonly Target[];
  readonly nameOf: (target: Target) => string;
  readonly portable: boolean;
  /** Told a line a file. */
  readonly say: (line: string) => void;
}

/**
 * Makes the program one file a platform, and `SHA256SUMS` beside them.
 *
 * @returns the paths of those that could be made here.
 */
export async function makeFiles(order: FilesOrder): Promise<string[]> {
  const { root, dist, targets, nameOf, portable, say } = order;
  const { clientOnly, install } = order;
  await Deno.mkdir(dist, { recursive: true });
  using bundle = await bundleProgram(
    root,
    defined({ clientOnly, install }),
  );
  const made: string[] = [];
  for (const target of targets) {
    const output = join(dist, nameOf(target));
    const form = await makeFile({
      bundle: bundle.folder,
      ...{ target, output, portable, ...defined({ clientOnly }) },
    });
    say(`${nameOf(target)}: ${wording(form, portable)}`);
    if (form !== "left out") made.push(output);
  }
  await Deno.writeTextFile(join(dist, "SHA256SUMS"), await sha256Sums(made));
  return made;
}

const NO_BASE =
  "Deno's base runtime could not be fetched, and DENORT_BIN names none";

function wording(form: FileForm, wasAsked: boolean): string {
  switch (form) {
    case "compiled":
      return "compiled";
    case "portable":
      return wasAsked
        ? "portable, with the Deno runtime inside"
        : `portable, with the Deno runtime inside (${NO_BASE})`;
    case "left out":
      return `left out (${NO_BASE}; a portable file is made on its own platform)`;
    default:
      return form satisfies never;
  }
}
