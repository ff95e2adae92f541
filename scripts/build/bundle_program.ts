import { join } from "node:path";
import type { ProgramVariant } from "./build_options.ts";
import {
  bundleName,
  findWorkers,
  importBuiltins,
  inAscii,
  pointAtBundles,
} from "./bundle.ts";
import { copyProgram, sourceFiles } from "./program_copy.ts";

/** The bundled program: a folder, gone when it is disposed of. */
export interface BundledProgram extends Disposable {
  /** Holds `main.js`, its commands as chunks, and one bundle a worker entry. */
  readonly folder: string;
}

/** Bundles the program, as a build wants it; types are checked on the way. */
export async function bundleProgram(
  root: string,
  variant: ProgramVariant = {},
): Promise<BundledProgram> {
  using program = await copyProgram(root, variant);
  const folder = await Deno.makeTempDir({ prefix: "agentnet-bundle-" });
  const remove = () => Deno.removeSync(folder, { recursive: true });
  try {
    await bundleInto(folder, program.folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, [Symbol.dispose]: remove };
}

async function bundleInto(folder: string, program: string): Promise<void> {
  const workers = findWorkers(await sourceFiles(program));
  const commands = ["--code-splitting", "--outdir", folder, "main.ts"];
  await bundle(program, ["--check", ...commands]);
  for (const worker of workers) {
    const output = join(folder, bundleName(worker));
    await bundle(program, ["--output", output, worker]);
  }
  for await (const { name } of Deno.readDir(folder)) {
    await pointFile(join(folder, name));
  }
}

async function bundle(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "deno", ...args],
    cwd: program,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function pointFile(path: string): Promise<void> {
  const code = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, inAscii(importBuiltins(pointAtBundles(code))));
}
