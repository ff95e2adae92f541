import { join } from "node:path";
import { bundleName, findWorkers, pointAtBundles } from "./bundle.ts";
import { sourceFiles } from "./program_copy.ts";

/**
 * Bundles a copy of the program (scripts/build/program_copy.ts): `main.js` with its commands as chunks, and one
 * bundle a worker entry, all in one new folder.
 *
 * @returns the folder.
 */
export async function bundleProgram(program: string): Promise<string> {
  const output = await Deno.makeTempDir({ prefix: "agentnet-bundle-" });
  const workers = findWorkers(await sourceFiles(program));
  await bundle(program, ["--code-splitting", "--outdir", output, "main.ts"]);
  for (const worker of workers) {
    await bundle(program, [
      "--output",
      join(output, bundleName(worker)),
      worker,
    ]);
  }
  for await (const entry of Deno.readDir(output)) {
    if (entry.name.endsWith(".js")) await pointFile(join(output, entry.name));
  }
  return output;
}

async function bundle(program: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "deno", ...args],
    cwd: program,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

async function pointFile(path: string): Promise<void> {
  const code = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, pointAtBundles(code));
}
