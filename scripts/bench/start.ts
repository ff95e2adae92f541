// What the one file costs: its size, its first start, and every start after.

import { fileURLToPath } from "node:url";
import { makeFiles } from "../build/make_files.ts";
import { hostTarget } from "../build/targets.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Each is measured so often, in turns; the median counts. */
const ROUNDS = 31;
/** First starts that are measured, each with a new home. */
const FIRST_ROUNDS = 3;
const MEGABYTE = 1e6;

/** Starts of the file that is built here beside `deno run` of the same program from source. */
export async function benchStart(): Promise<BenchRow[]> {
  const folder = await Deno.makeTempDir({ prefix: "agentnet-start-" });
  try {
    return await measure(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function measure(folder: string): Promise<BenchRow[]> {
  const { file, form } = await build(folder);
  const first = await firstStarts(file, folder);
  const env = { PATH: "/usr/bin:/bin", HOME: `${folder}/home-0` };
  const source = { ...env, HOME: Deno.env.get("HOME") ?? "" };
  const times: Record<"source" | "file", number[]> = { source: [], file: [] };
  for (let i = 0; i < ROUNDS; i++) {
    times.source.push(await version(`${ROOT}scripts/agentnet`, source));
    times.file.push(await version(file, env));
  }
  const floor = { floor: "deno run from source", unit: "ms" };
  const floorFigure = median(times.source);
  return [
    benchRow({
      ...{ ...floor, floorFigure, name: `version, ${form} file` },
      figure: median(times.file),
    }),
    benchRow({
      ...{ ...floor, floorFigure, name: `version, ${form}, first start` },
      figure: median(first),
    }),
    await sizeRow(file, form),
  ];
}

async function build(folder: string): Promise<{ file: string; form: string }> {
  const target = hostTarget(Deno.build.target);
  if (target === undefined) throw new Error("no file for this platform");
  let form = "";
  const [file] = await makeFiles({
    root: ROOT,
    dist: folder,
    targets: [target],
    nameOf: () => "agentnet",
    portable: false,
    say: (line) => form = line.includes("portable") ? "portable" : "compiled",
  });
  if (file === undefined) throw new Error("no file could be made here");
  return { file, form };
}

async function firstStarts(file: string, folder: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < FIRST_ROUNDS; i++) {
    const HOME = `${folder}/home-${i}`;
    await Deno.mkdir(HOME);
    times.push(await version(file, { PATH: "/usr/bin:/bin", HOME }));
  }
  return times;
}

async function sizeRow(file: string, form: string): Promise<BenchRow> {
  const { size } = await Deno.stat(file);
  const runtime = await Deno.stat(Deno.execPath());
  return benchRow({
    name: `size, ${form} file`,
    figure: size / MEGABYTE,
    unit: "MB",
    floor: "the Deno runtime alone",
    floorFigure: runtime.size / MEGABYTE,
  });
}

async function version(
  program: string,
  env: Record<string, string>,
): Promise<number> {
  const command = new Deno.Command(program, {
    args: ["version"],
    clearEnv: true,
    env: { ...env, DENO: Deno.execPath() },
  });
  const began = performance.now();
  const { code, stderr } = await command.output();
  const took = performance.now() - began;
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return took;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
