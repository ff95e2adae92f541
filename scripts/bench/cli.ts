// What a command costs: the start of the program, and a send.

import { agent as agentIdentity } from "../../tests/fakes/agents.ts";
import { RelayPeer } from "../../tests/fakes/relay_peer.ts";
import { median, OPEN_RELAY, took } from "./measure.ts";
import { Stage, type StagedAgent } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

/** Each is measured so often, in turns; the median counts. */
const ROUNDS = 15;
/** Sends over the local API of a daemon that runs. */
const SENDS = 200;
/** What a receipt by 500 ms of silence costs, in milliseconds. */
const SILENCE_MS = 505;

/** Wall times of `status` and `send`, and the daemon's part of a send. */
export async function benchCli(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const ada = stage.agent("ada");
  await ada.online({ relay: url, flags: ["--brakes", "off"] });
  await ada.run(["create", "bench"]);
  const floor = await fetchProgram(stage.folder, ada);
  const times = { floor: [], status: [], send: [] } as Record<string, number[]>;
  for (let i = 0; i < ROUNDS; i++) {
    times.floor?.push(await timed(() => runFloor(floor)));
    times.status?.push(await timed(() => ada.run(["status"])));
    times.send?.push(await timed(() => ada.run(["send", "bench", `${i}`])));
  }
  const floorMs = median(times.floor ?? []);
  const sends = await sendFigures(ada, url);
  const program = "empty program, one fetch";
  const wall = { unit: "ms", floor: program, floorFigure: floorMs };
  return [
    benchRow({ ...wall, name: "status", figure: median(times.status ?? []) }),
    benchRow({ ...wall, name: "send", figure: median(times.send ?? []) }),
    benchRow({
      name: "send, the daemon's part",
      figure: sends.daemon - sends.bare,
      unit: "ms",
      floor: "receipt by silence",
      floorFigure: SILENCE_MS,
    }),
    benchRow({
      name: "send over the local API",
      figure: sends.daemon,
      unit: "ms",
      floor: "a bare client's send",
      floorFigure: sends.bare,
    }),
  ];
}

async function timed(run: () => Promise<{ code: number }>): Promise<number> {
  const began = performance.now();
  const { code } = await run();
  const took = performance.now() - began;
  if (code !== 0) throw new Error(`a measured command ended with ${code}`);
  return took;
}

interface Access {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function accessOf(agent: StagedAgent): Promise<Access> {
  const read = async (name: string) =>
    (await Deno.readTextFile(`${agent.dataDir}/${name}`)).trim();
  const address = (await read("api.addr")).replace(/^http:\/\//, "");
  return {
    address,
    headers: {
      "Authorization": `Bearer ${await read("api.token")}`,
      "Content-Type": "application/json",
    },
  };
}

/** A program that does nothing but ask the daemon for its status. */
async function fetchProgram(
  folder: string,
  agent: StagedAgent,
): Promise<string> {
  const { address, headers } = await accessOf(agent);
  const path = `${folder}/floor.js`;
  const url = `http://${address}/v2/status`;
  const source = `const answer = await fetch(${JSON.stringify(url)}, {` +
    `headers: ${JSON.stringify(headers)}});\n` +
    `if (answer.status !== 200) Deno.exit(1);\n` +
    `Deno.stdout.writeSync(new Uint8Array(await answer.arrayBuffer()));\n`;
  await Deno.writeTextFile(path, source);
  return path;
}

function runFloor(path: string): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "--allow-net", path],
    env: { DENO_NO_UPDATE_CHECK: "1", NO_PROXY: "127.0.0.1" },
  }).output();
}

/** Medians of sends taken in turns, in milliseconds. */
interface SendFigures {
  /** Through the daemon: local API, signature, its own disk, the relay and back. */
  readonly daemon: number;
  /** A frame signed beforehand, from a bare client to the relay's acknowledgement: its check and its disk. */
  readonly bare: number;
}

async function sendFigures(
  agent: StagedAgent,
  relay: string,
): Promise<SendFigures> {
  const { address, headers } = await accessOf(agent);
  const bare = await RelayPeer.login(relay, {
    identity: agentIdentity(7),
    features: ["ack"],
  });
  await bare.join("bench");
  const daemon: number[] = [];
  const floor: number[] = [];
  for (let i = 0; i < SENDS; i++) {
    const body = JSON.stringify({ room: "bench", text: `over the API ${i}` });
    daemon.push(
      await took(() => post(`http://${address}/v2/send`, { headers, body })),
    );
    const frame = bare.message("bench", `bare ${i}`);
    floor.push(
      await took(async () => {
        bare.text(frame);
        await bare.next("message.ack");
      }),
    );
  }
  bare.close();
  return { daemon: median(daemon), bare: median(floor) };
}

async function post(
  url: string,
  request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  },
): Promise<void> {
  const answer = await fetch(url, { method: "POST", ...request });
  await answer.text();
  if (answer.status !== 200) throw new Error(`a send: ${answer.status}`);
}
