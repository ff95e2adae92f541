import { basename, dirname, join } from "node:path";
import denoJson from "../../deno.json" with { type: "json" };
import type { ClientOnly } from "./build_options.ts";
import { compileFlags } from "./compile_flags.ts";
import { packPayload, portableTemplate, writePortable } from "./portable.ts";
import { hostTarget, type Target } from "./targets.ts";
import { defined } from "../../lib/defined.ts";

/** One file to make. */
export interface FileOrder {
  /** Folder of the bundled program (bundle_program.ts). */
  readonly bundle: string;
  readonly target: Target;
  /** Path of the file. */
  readonly output: string;
  readonly clientOnly?: ClientOnly;
  /** Make the portable file without trying `deno compile` first. */
  readonly portable: boolean;
}

/** How the file was made; "left out" where neither way is open for that platform here. */
export type FileForm = "compiled" | "portable" | "left out";

/**
 * Makes the program one file: compiled where Deno's base runtime can be had, else portable on its own platform.
 *
 * @throws when `deno compile` or `deno bundle` fails for another reason; the message is theirs.
 */
export async function makeFile(order: FileOrder): Promise<FileForm> {
  if (!order.portable && await compile(order)) return "compiled";
  const isOwn = hostTarget(Deno.build.target) === order.target;
  // A shell script starts it, so there is none for Windows.
  if (!isOwn || order.target.suffix === ".exe") return "left out";
  await makePortable(order);
  return "portable";
}

/** False: the base runtime could not be fetched. */
async function compile(order: FileOrder): Promise<boolean> {
  const { bundle, target, output, clientOnly } = order;
  // Its own name keeps the suffix; a file that stands there already would not be replaced.
  const scratch = await Deno.makeTempDir({ dir: dirname(output) });
  const making = join(scratch, basename(output));
  const flags = compileFlags(
    defined({ target, output: making, clientOnly }),
  );
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["compile", ...flags, "main.js"],
      cwd: bundle,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    if (success) await Deno.rename(making, output);
    const text = new TextDecoder().decode(stderr);
    if (success || isBaseMissing(text)) return success;
    throw new Error(text);
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** Whether `deno compile` failed for want of its base runtime, by what it says. */
export function isBaseMissing(stderr: string): boolean {
  return /denort|dl\.deno\.land/i.test(stderr);
}

async function makePortable(
  { bundle, target, output, clientOnly }: FileOrder,
): Promise<void> {
  await writePortable(output, {
    template: await portableTemplate(),
    payload: await packPayload(bundle, Deno.execPath()),
    head: {
      version: denoJson.version,
      target: target.name,
      ...defined({ clientOnly }),
    },
  });
}
