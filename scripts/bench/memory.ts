// What an idle daemon and an idle relay keep in memory, beside a program that holds one WebSocket and one server.

import { fileURLToPath } from "node:url";
import { residentBytes } from "../../tests/fakes/process_figures.ts";
import { Background } from "../background.ts";
import { Stage } from "../stage.ts";
import { V8_FLAGS } from "../v8_flags.ts";
import { type BenchRow, benchRow } from "./table.ts";

const EMPTY = fileURLToPath(new URL("./empty_program.ts", import.meta.url));
/** From the start to the look at its memory, in milliseconds: past the time that solver workers are kept. */
const SETTLE_MS = 40_000;
/** Each is measured so often; the median counts. */
const ROUNDS = 3;
const MEGABYTE = 1024 * 1024;

interface Figures {
  daemon: number[];
  relay: number[];
  plain: number[];
  flagged: number[];
}

/** Resident memory at rest, beside two floors: an empty program with and without the launcher's flags of the engine. */
export async function benchMemory(): Promise<BenchRow[]> {
  const figures: Figures = { daemon: [], relay: [], plain: [], flagged: [] };
  for (let i = 0; i < ROUNDS; i++) await measure(figures);
  const floors = [
    ["empty program", figures.plain],
    ["empty program, same flags", figures.flagged],
  ] as const;
  return (["daemon", "relay"] as const).flatMap((name) =>
    floors.map(([floor, floorFigures]) =>
      benchRow({
        name: `idle ${name}, resident`,
        figure: median(figures[name]) / MEGABYTE,
        unit: "MB",
        floor,
        floorFigure: median(floorFigures) / MEGABYTE,
      })
    )
  );
}

async function measure(figures: Figures): Promise<void> {
  await using stage = await Stage.open();
  const relay = await stage.startRelay();
  const daemon = await stage.agent("ada").online({ relay: relay.url });
  await using peer = serveSockets();
  const plain = await startEmpty(peer.url, []);
  const flagged = await startEmpty(peer.url, [`--v8-flags=${V8_FLAGS}`]);
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    figures.relay.push(residentBytes(relay.process.pid));
    figures.daemon.push(residentBytes(daemon.pid));
    figures.plain.push(residentBytes(plain.pid));
    figures.flagged.push(residentBytes(flagged.pid));
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
