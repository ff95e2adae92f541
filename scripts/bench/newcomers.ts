// From two empty homes to the first message, by the portable file: invite,
// join, send, messages. The relay is there.

import { fileURLToPath } from "node:url";
import { meet, openRelay } from "../../tests/scenarios/newcomers.ts";
import { makeFiles } from "../build/make_files.ts";
import { hostTarget } from "../build/targets.ts";
import { Stage } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ROUNDS = 5;
const FLOOR = "four starts of the program";

/** The median of some meetings, each with homes of its own, beside what as many commands cost that do nothing. */
export async function benchNewcomers(): Promise<BenchRow[]> {
  const dist = await Deno.makeTempDir({ prefix: "agentnet-newcomers-" });
  try {
    const program = await portableFile(dist);
    const meetings: number[] = [];
    const starts: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await using stage = await Stage.open({ program, bare: true });
      await using meeting = await meet(stage, await openRelay(stage));
      meetings.push(meeting.ms);
      const began = performance.now();
      for (let at = 0; at < 4; at++) await meeting.ada.run(["version"]);
      starts.push(performance.now() - began);
    }
    return [benchRow({
      name: "two empty homes to a message, portable file",
      figure: median(meetings) / 1000,
      unit: "s",
      floor: FLOOR,
      floorFigure: median(starts) / 1000,
    })];
  } finally {
    await Deno.remove(dist, { recursive: true });
  }
}

async function portableFile(dist: string): Promise<string> {
  const target = hostTarget(Deno.build.target);
  if (target === undefined) throw new Error("no file for this platform");
  const [file] = await makeFiles({
    ...{ root: ROOT, dist, targets: [target], portable: true },
    nameOf: () => "agentnet",
    say: () => {},
  });
  if (file === undefined) throw new Error("no file could be made here");
  return file;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
