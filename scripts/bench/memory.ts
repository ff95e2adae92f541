// What an idle daemon, from source and from the portable file, and an idle relay keep in memory, beside a program that
// holds one WebSocket and one server.

import { fileURLToPath } from "node:url";
import { residentBytes } from "../../tests/fakes/process_figures.ts";
import { Background } from "../background.ts";
import { makeFiles } from "../build/make_files.ts";
import { hostTarget } from "../build/targets.ts";
import { Stage } from "../stage.ts";
import { engineFlags } from "../v8_flags.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const EMPTY = fileURLToPath(new URL("./empty_program.ts", import.meta.url));
/** From the start to the look at its memory, in milliseconds: past the time that solver workers are kept. */
const SETTLE_MS = 40_000;
/** Each is measured so often; the median counts. */
const ROUNDS = 3;
const MEGABYTE = 1024 * 1024;

/** What is measured, and in words; the last two are the floors. */
const NAMES = {
  daemon: "idle daemon, from source",
  first: "idle daemon, portable file, first start",
  later: "idle daemon, portable file, a later start",
  relay: "idle relay, from source",
  firstRelay: "idle relay, portable file, first start",
  fileRelay: "idle relay, portable file, a later start",
  plain: "empty program",
  flagged: "empty program, same flags",
} as const;

type Name = keyof typeof NAMES;

/** Resident memory at rest, beside two floors: an empty program with and without the daemon's flags of the engine. */
export async function benchMemory(): Promise<BenchRow[]> {
  const figures: Record<Name, number[]> = {
    ...{ daemon: [], first: [], later: [] },
    ...{ relay: [], firstRelay: [], fileRelay: [], plain: [], flagged: [] },
  };
  const folder = await Deno.makeTempDir({ prefix: "agentnet-memory-" });
  try {
    const file = await build(folder);
    for (let i = 0; i < ROUNDS; i++) {
      for (const [name, bytes] of await measure(file)) {
        figures[name].push(bytes);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const figure = (name: Name) => median(figures[name]) / MEGABYTE;
  const measured = [
    ...["daemon", "first", "later"] as const,
    ...["relay", "firstRelay", "fileRelay"] as const,
  ];
  return measured.flatMap((name) =>
    (["plain", "flagged"] as const).map((floor) =>
      benchRow({
        name: `${NAMES[name]}, resident`,
        figure: figure(name),
        unit: "MB",
        floor: NAMES[floor],
        floorFigure: figure(floor),
      })
    )
  );
}

async function build(dist: string): Promise<string> {
  const target = hostTarget(Deno.build.target);
  if (target === undefined) throw new Error("no file for this platform");
  const [file] = await makeFiles({
    root: ROOT,
    dist,
    targets: [target],
    nameOf: () => "agentnet",
    portable: true,
    say: () => {},
  });
  if (file === undefined) throw new Error("no file was made");
  return file;
}

/** All of it at rest beside each other: bytes by name. */
async function measure(file: string): Promise<[Name, number][]> {
  await using stage = await Stage.open();
  // Its home is new, so its first daemon is the file's first start there.
  await using fileStage = await Stage.open({ program: file, bare: true });
  const relay = await stage.startRelay();
  const { url } = relay;
  const daemon = await stage.agent("ada").online({ relay: url });
  const first = await fileStage.agent("bob").online({ relay: url });
  const later = await fileStage.agent("cyd").online({ relay: url });
  const { process: firstRelay } = await fileStage.startRelay();
  const { process: fileRelay } = await fileStage.startRelay(undefined, {
    data: `${fileStage.folder}/later`,
  });
  await using peer = serveSockets();
  const plain = await startEmpty(peer.url, []);
  const flagged = await startEmpty(peer.url, [engineFlags({ isEarly: false })]);
  const processes = {
    ...{ daemon, first, later, relay: relay.process },
    ...{ firstRelay, fileRelay, plain, flagged },
  };
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return Object.entries(processes).map(([name, { pid }]) => [
      name as Name,
      residentBytes(pid),
    ]);
  } finally {
    await Promise.all([plain.end(), flagged.end()]);
  }
}

async function startEmpty(
  url: string,
  flags: readonly string[],
): Promise<Background> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-net",
      ...flags,
      EMPTY,
      url,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const program = new Background(command.spawn());
  await program.line(/up/, 20_000);
  return program;
}

/** Takes WebSockets and says nothing on them. */
function serveSockets(): AsyncDisposable & { readonly url: string } {
  const sockets = new Set<WebSocket>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      sockets.add(socket);
      return response;
    },
  );
  return {
    url: `ws://127.0.0.1:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.close();
      await server.shutdown();
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
