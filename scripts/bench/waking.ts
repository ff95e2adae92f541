// What waking costs while there is nothing to tell: a hook's time, beside a program that does nothing, and what a
// watcher adds to an idle daemon's memory.

import { residentBytes } from "../../tests/fakes/process_figures.ts";
import type { Background } from "../background.ts";
import { Stage, type StagedAgent } from "../stage.ts";
import { median, OPEN_RELAY, took } from "./measure.ts";
import { type BenchRow, benchRow } from "./table.ts";

/** Each start is measured so often, in turns; the median counts. */
const STARTS = 31;
/** Daemons whose memory is looked at, without a watcher and then with one. */
const DAEMONS = 4;
/** From a start to the look at its memory, in milliseconds: past the time that solver workers are kept. */
const SETTLE_MS = 40_000;
const MEGABYTE = 1024 * 1024;

const STOP = JSON.stringify({ session_id: "s", hook_event_name: "Stop" });

/** Wall time of `hook` without news, and resident memory of a daemon that is watched. */
export async function benchWaking(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const ada = stage.agent("ada");
  await ada.online({ relay: url });
  return [...await hookRows(stage, ada), await memoryRow(stage, url)];
}

async function hookRows(stage: Stage, ada: StagedAgent): Promise<BenchRow[]> {
  const empty = `${stage.folder}/empty.js`;
  await Deno.writeTextFile(empty, "");
  const times: Record<"hook" | "away" | "empty", number[]> = {
    ...{ hook: [], away: [], empty: [] },
  };
  const nobody = stage.agent("nobody");
  const hook = (agent: StagedAgent) =>
    agent.run(["hook", "claude"], { stdin: STOP });
  for (let n = 0; n < STARTS; n++) {
    times.empty.push(await took(() => runEmpty(empty)));
    times.hook.push(await took(() => hook(ada)));
    times.away.push(await took(() => hook(nobody)));
  }
  const floor = { unit: "ms", floor: "empty program" } as const;
  const floorFigure = median(times.empty);
  return [
    benchRow({
      ...{ ...floor, floorFigure, name: "hook, without news" },
      figure: median(times.hook),
    }),
    benchRow({
      ...{ ...floor, floorFigure, name: "hook, without a daemon" },
      figure: median(times.away),
    }),
  ];
}

async function runEmpty(path: string): Promise<void> {
  await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", path],
    env: { DENO_NO_UPDATE_CHECK: "1" },
  }).output();
}

async function memoryRow(stage: Stage, relay: string): Promise<BenchRow> {
  const agents = Array.from(
    { length: DAEMONS },
    (_, n) => stage.agent(`bob${n}`),
  );
  const daemons: Background[] = [];
  for (const agent of agents) daemons.push(await agent.online({ relay }));
  const resident = () =>
    median(daemons.map(({ pid }) => residentBytes(pid))) / MEGABYTE;
  await settle();
  const alone = resident();
  for (const { dataDir } of agents) {
    stage.start(["watch"], { env: { AGENTNET_DATA_DIR: dataDir } });
  }
  await settle();
  return benchRow({
    name: "idle daemon with a watcher, resident",
    ...{ figure: resident(), unit: "MB" },
    ...{ floor: "the same without", floorFigure: alone },
  });
}

const settle = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
