import assert from "node:assert/strict";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";
import type { Background } from "../../scripts/background.ts";
import type { ToldRelay } from "../fakes/told_relay.ts";
import { agent as stranger } from "../fakes/agents.ts";
import { done } from "./private_room.ts";

const ROOM = "chaosvault";
const NAMES = ["ada", "bob", "cal"] as const;
/** A word that stands in each text, and may stand in no frame. */
const WORD = "chaosword";
const ENV = { AGENTNET_BRAKES: "off" };

interface Player {
  readonly agent: StagedAgent;
  process: Background;
}

export interface ChaosOptions {
  readonly rounds: number;
  /** The same number is the same run, as far as other processes let it. */
  readonly seed: number;
}

/**
 * Three in a private room talk while daemons are killed, lines cut and the room's key changed. What was accepted, or kept
 * and sent later, is heard by each other one; nothing is heard twice; nothing plain is in any frame.
 */
export async function privateChaos(
  stage: Stage,
  relay: ToldRelay,
  { rounds, seed }: ChaosOptions,
): Promise<void> {
  const players = await join(stage, relay);
  const chance = drawing(seed);
  const said: string[][] = players.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const sending = players.map(async ({ agent }, at) => {
      const text = `${WORD} ${agent.name} ${round}`;
      const { code, stderr } = await agent.run(["send", ROOM, text]);
      if (code === 0) said[at]!.push(text);
      else assert.ok([3, 5, 7, 9].includes(code), `${code} ${stderr}`);
    });
    await trouble(players, relay, { chance, round });
    await Promise.all(sending);
  }
  const accepted = await Promise.all(players.map(acceptedOf));
  for (const [at, { agent }] of players.entries()) {
    const wanted = accepted.filter((_, other) => other !== at).flat();
    await hasAll(agent, wanted);
  }
  const all = accepted.flat();
  assert.ok(all.length >= rounds, `${all.length} of ${3 * rounds} were sent`);
  for (const text of said.flat()) assert.ok(all.includes(text), text);
  for (const frame of relay.frames) assert.ok(!frame.includes(WORD), frame);
}

async function join(stage: Stage, relay: ToldRelay): Promise<Player[]> {
  const players = await Promise.all(NAMES.map(async (name) => {
    const agent = stage.agent(name);
    const process = await agent.online({ relay: relay.url, env: ENV });
    return { agent, process };
  }));
  const [maker, ...others] = players as [Player, ...Player[]];
  await done(maker.agent, ["create", ROOM, "--private"]);
  const { value } = await maker.agent.json(["invite", ROOM, "--uses", "2"]);
  for (const { agent } of others) await done(agent, ["join", value.invite]);
  return players;
}

async function trouble(
  players: readonly Player[],
  relay: ToldRelay,
  { chance, round }: { readonly chance: () => number; readonly round: number },
): Promise<void> {
  const [maker] = players as [Player];
  // The first rounds have each of them once.
  const kind = round < 3 ? round : Math.floor(chance() * 3);
  if (kind === 0) return relay.cut();
  if (kind === 1) {
    const id = stranger(100 + round).id;
    const change = maker.agent.run(["add", ROOM, id]);
    // Killed between any two writes of it.
    await new Promise((go) => setTimeout(go, chance() * 400));
    await killed(maker, relay);
    await change;
    return;
  }
  const player = players[Math.floor(chance() * players.length)]!;
  await killed(player, relay);
}

/** What the relay has, as its author knows once nothing waits: of what was on its way at a kill a Go relay says nothing. */
async function acceptedOf({ agent }: Player): Promise<string[]> {
  for (let tries = 0; tries < 60; tries++) {
    const { value } = await agent.json(["sent", "--limit", "200"]);
    const sent: { text: string; status: string }[] = value.sent;
    if (sent.every(({ status }) => status !== "queued")) {
      return sent.filter(({ status }) => status === "accepted")
        .map(({ text }) => text);
    }
    await new Promise((go) => setTimeout(go, 1_000));
  }
  throw new Error(`${agent.name} never sent what waits`);
}

/** Ended without a word, and started again. */
async function killed(player: Player, relay: ToldRelay): Promise<void> {
  player.process.kill("SIGKILL");
  await player.process.status;
  player.process = await player.agent.startDaemon({
    ...{ relay: relay.url, env: ENV },
  });
}

async function hasAll(
  agent: StagedAgent,
  wanted: readonly string[],
): Promise<void> {
  let texts: string[] = [];
  for (let tries = 0; tries < 60; tries++) {
    const { value } = await agent.json([
      ...["messages", ROOM, "--all", "--limit", "500"],
    ]);
    texts = value.messages.map((one: { text: string }) => one.text);
    if (wanted.every((text) => texts.includes(text))) break;
    await new Promise((go) => setTimeout(go, 1_000));
  }
  const missing = wanted.filter((text) => !texts.includes(text));
  assert.deepEqual(missing, [], `${agent.name} misses some`);
  assert.equal(new Set(texts).size, texts.length, "nothing came twice");
}

/** From 0 up to 1, the same for the same seed. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
