// `deno task compile`: the program as one file, compiled where Deno's base
// runtime can be had, portable where it can't.
import { join } from "node:path";
import denoJson from "../../deno.json" with { type: "json" };
import { type BuildOptions, parseBuildOptions } from "./build_options.ts";
import { bundleProgram } from "./bundle_program.ts";
import { compileFlags } from "./compile_flags.ts";
import { packFolder, writePortable } from "./portable.ts";
import { copyProgram, sourceFiles } from "./program_copy.ts";
import { sha256Sums } from "./sums.ts";
import { findWorkers } from "./bundle.ts";
import { hostTarget, type Target } from "./targets.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const DIST = join(ROOT, "dist");

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

const parsed = parseBuildOptions(Deno.args);
if (!parsed.ok) {
  say(`compile: ${parsed.reason}`);
  Deno.exit(2);
}
Deno.exit(await build(parsed.options));

async function build(options: BuildOptions): Promise<number> {
  const host = hostTarget(Deno.build.target);
  if (host === undefined) {
    say(`compile: no target for ${Deno.build.target}`);
    return 1;
  }
  await Deno.mkdir(DIST, { recursive: true });
  using program = await copyProgram(ROOT, options.clientOnly);
  const targets = options.targets.length > 0 ? options.targets : [host];
  const made: string[] = [];
  for (const target of targets) {
    const output = outputPath(target, options);
    if (
      !options.portable &&
      await compiled(program.folder, target, output, options)
    ) {
      say(`compiled: ${output.slice(ROOT.length)}`);
    } else if (target === host) {
      await portable(program.folder, target, output, options);
      say(
        `portable: ${
          output.slice(ROOT.length)
        } (Deno's base runtime could not be had; it carries Deno itself)`,
      );
    } else {
      say(
        `left out: ${target.name} (Deno's base runtime could not be had, and a portable file is made on its own platform)`,
      );
      continue;
    }
    made.push(output);
  }
  await Deno.writeTextFile(join(DIST, "SHA256SUMS"), await sha256Sums(made));
  return made.length > 0 ? 0 : 1;
}

function outputPath(target: Target, options: BuildOptions): string {
  const name = options.targets.length > 0
    ? `agentnet-${target.name}`
    : "agentnet";
  return join(DIST, name + target.suffix);
}

async function compiled(
  folder: string,
  target: Target,
  output: string,
  options: BuildOptions,
): Promise<boolean> {
  const workers = findWorkers(await sourceFiles(folder));
  const flags = compileFlags({
    target,
    output,
    workers,
    ...(options.clientOnly === undefined
      ? {}
      : { clientOnly: options.clientOnly }),
  });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--config",
      join(folder, "deno.json"),
      ...flags,
      join(folder, "main.ts"),
    ],
    cwd: folder,
  }).output();
  const text = new TextDecoder().decode(stderr);
  if (success) return true;
  if (!/denort|Download|error sending request|dl\.deno\.land/i.test(text)) {
    throw new Error(text);
  }
  return false;
}

async function portable(
  folder: string,
  target: Target,
  output: string,
  options: BuildOptions,
): Promise<void> {
  const bundled = await bundleProgram(folder);
  await Deno.copyFile(Deno.execPath(), join(bundled, "deno"));
  await Deno.chmod(join(bundled, "deno"), 0o700);
  await writePortable(output, {
    template: await Deno.readTextFile(
      new URL("./portable_head.sh", import.meta.url),
    ),
    payload: await packFolder(bundled),
    head: {
      version: denoJson.version,
      target: target.name,
      ...(options.clientOnly === undefined
        ? {}
        : { clientOnly: options.clientOnly }),
    },
  });
  await Deno.remove(bundled, { recursive: true });
}
