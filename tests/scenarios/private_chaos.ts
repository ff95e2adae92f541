import assert from "node:assert/strict";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";
import type { Background } from "../../scripts/background.ts";
import type { ToldRelay } from "../fakes/told_relay.ts";
import { agent as stranger } from "../fakes/agents.ts";
import { done } from "./private_room.ts";

const ROOM = "chaosvault";
const NAMES = ["ada", "bob", "cal"] as const;
/** Words that stand in each text, in the room's name and its topic, and may stand in no frame. */
const WORD = "chaosword";
const TOPIC = "chaostopic";
const HIDDEN = [ROOM, WORD, TOPIC];
const ENV = { AGENTNET_BRAKES: "off" };
/** Lines cut; a key changed and its maker killed; a daemon killed; one told to stop. */
const KINDS = 4;

/** Seconds without anything going out after which what waits is stuck: past the outbox's longest pause. */
const STUCK_S = 120;

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
  assert.ok(relay.frames.length >= all.length, "every frame was kept");
  for (const frame of relay.frames) {
    for (const word of HIDDEN) assert.ok(!frame.includes(word), frame);
  }
}

async function join(stage: Stage, relay: ToldRelay): Promise<Player[]> {
  const players = await Promise.all(NAMES.map(async (name) => {
    const agent = stage.agent(name);
    const process = await agent.online({ relay: relay.url, env: ENV });
    return { agent, process };
  }));
  const [maker, ...others] = players as [Player, ...Player[]];
  await done(maker.agent, ["create", ROOM, TOPIC, "--private"]);
  const { value } = await maker.agent.json(["invite", ROOM, "--uses", "2"]);
  for (const { agent } of others) await enter(agent, value.invite);
  return players;
}

/** Joins, and waits to be let in, however slow the host is. */
async function enter(agent: StagedAgent, invite: string): Promise<void> {
  const { code, stderr } = await agent.run(["join", invite]);
  assert.ok(code === 0 || code === 9, stderr);
  for (let tries = 0; tries < 60; tries++) {
    const { value } = await agent.json(["who", ROOM]);
    if (value.private?.member === true) return;
    await new Promise((go) => setTimeout(go, 1_000));
  }
  throw new Error(`${agent.name} was not let in`);
}

async function trouble(
  players: readonly Player[],
  relay: ToldRelay,
  { chance, round }: { readonly chance: () => number; readonly round: number },
): Promise<void> {
  const [maker] = players as [Player];
  // The first rounds have each of them once.
  const kind = round < KINDS ? round : Math.floor(chance() * KINDS);
  const player = players[Math.floor(chance() * players.length)]!;
  if (kind === 0) return relay.cut();
  if (kind === 1) return await changed(maker, relay, { chance, round });
  await ended(player, relay, kind === 2 ? "SIGKILL" : "SIGTERM");
}

/** Somebody is added, and who was added before removed, by a daemon that is killed between any two writes of it. */
async function changed(
  maker: Player,
  relay: ToldRelay,
  { chance, round }: { readonly chance: () => number; readonly round: number },
): Promise<void> {
  const id = (round: number) => stranger(100 + round).id;
  const changes = Promise.all([
    maker.agent.run(["add", ROOM, id(round)]),
    maker.agent.run(["remove", ROOM, id(round - 1)]),
  ]);
  await new Promise((go) => setTimeout(go, chance() * 400));
  await ended(maker, relay, "SIGKILL");
  await changes;
}

/** What the relay has, as its author knows once nothing waits: of what was on its way at a kill a Go relay says nothing. */
async function acceptedOf({ agent }: Player): Promise<string[]> {
  let least = Infinity;
  // A fast host says more in a minute than the relay takes: what waits goes out at its pace.
  for (let tries = 0; tries < STUCK_S; tries++) {
    const { value } = await agent.json(["sent", "--limit", "200"]);
    const sent: { text: string; status: string }[] = value.sent;
    const queued = sent.filter(({ status }) => status === "queued").length;
    if (queued === 0) {
      return sent.filter(({ status }) => status === "accepted")
        .map(({ text }) => text);
    }
    if (queued < least) tries = 0;
    least = Math.min(least, queued);
    await new Promise((go) => setTimeout(go, 1_000));
  }
  throw new Error(`${agent.name} never sent what waits`);
}

/** Ended, and started again. */
async function ended(
  player: Player,
  relay: ToldRelay,
  signal: "SIGKILL" | "SIGTERM",
): Promise<void> {
  player.process.kill(signal);
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
