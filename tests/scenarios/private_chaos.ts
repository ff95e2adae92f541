import assert from "node:assert/strict";
import type { Stage } from "../../scripts/stage.ts";
import type { ToldRelay } from "../fakes/told_relay.ts";
import { agent as stranger } from "../fakes/agents.ts";
import { ChaosPlayer } from "./chaos_player.ts";
import { done } from "./private_room.ts";

const ROOM = "chaosvault";
const NAMES = ["ada", "bob", "cal"] as const;
/** Words that stand in each text, in the room's name and its topic, and may stand in no frame. */
const WORD = "chaosword";
const TOPIC = "chaostopic";
const HIDDEN = [ROOM, WORD, TOPIC];
/** Lines cut; a key changed and its maker killed; a daemon killed; one told to stop. */
const KINDS = 4;
/** After so many rounds all is looked at: what programs list of the past is bounded. */
const CHAPTER = 50;

export interface ChaosOptions {
  /** At most so many. */
  readonly rounds?: number;
  /** No round begins after so long. */
  readonly forMs?: number;
  /** The same number is the same run, as far as other processes let it. */
  readonly seed: number;
  /** Told after each chapter how far it is. */
  readonly told?: (line: string) => void;
}

interface Chaos {
  readonly players: readonly ChaosPlayer[];
  readonly relay: ToldRelay;
  /** From 0 up to 1. */
  readonly chance: () => number;
  /** Who was added to the room last. */
  added?: string;
}

/**
 * Three in a private room talk while daemons are killed, lines cut and the room's key changed. What was accepted, or kept
 * and sent later, is heard by each other one; nothing is heard twice; nothing plain is in any frame.
 */
export async function privateChaos(
  stage: Stage,
  relay: ToldRelay,
  { rounds = Infinity, forMs = Infinity, seed, told }: ChaosOptions,
): Promise<void> {
  const players = await join(stage, relay);
  const chaos: Chaos = { players, relay, chance: drawing(seed) };
  const began = performance.now();
  const goesOn = (round: number) =>
    round < rounds && performance.now() - began < forMs;
  for (let round = 0; goesOn(round);) {
    const first = round;
    const said: string[] = [];
    for (; round < first + CHAPTER && goesOn(round); round++) {
      said.push(...await oneRound(chaos, round));
    }
    const heard = await looksAt(chaos, { first, end: round, said });
    const minutes = Math.round((performance.now() - began) / 60_000);
    told?.(`${minutes} min, ${round} rounds: ${heard} of the last were heard`);
  }
}

/** Each says something while there is trouble. @returns what the relay took at once */
async function oneRound(chaos: Chaos, round: number): Promise<string[]> {
  const sending = chaos.players.map(async ({ agent }) => {
    const text = textOf(agent.name, round);
    const { code, stderr } = await agent.run(["send", ROOM, text]);
    assert.ok([0, 3, 5, 7, 9].includes(code), `${code} ${stderr}`);
    return code === 0 ? [text] : [];
  });
  await trouble(chaos, round);
  return (await Promise.all(sending)).flat();
}

/** What was sent in these rounds is with each; no frame shows any of it. @returns how many texts that were */
async function looksAt(
  { players, relay }: Chaos,
  { first, end, said }: {
    readonly first: number;
    readonly end: number;
    readonly said: readonly string[];
  },
): Promise<number> {
  const accepted = await Promise.all(players.map((player) => {
    const { name } = player.agent;
    const texts = Array.from(
      { length: end - first },
      (_, at) => textOf(name, first + at),
    );
    return player.accepted(new Set(texts));
  }));
  for (const [at, player] of players.entries()) {
    await player.hears(accepted.filter((_, other) => other !== at).flat());
  }
  const all = accepted.flat();
  assert.ok(all.length >= end - first, `${all.length} from ${first} to ${end}`);
  for (const text of said) assert.ok(all.includes(text), text);
  assert.ok(relay.frames.length >= all.length, "every frame was kept");
  for (const frame of relay.frames.splice(0)) {
    for (const word of HIDDEN) assert.ok(!frame.includes(word), frame);
  }
  return all.length;
}

function textOf(name: string, round: number): string {
  return `${WORD} ${name} ${round}`;
}

async function join(stage: Stage, relay: ToldRelay): Promise<ChaosPlayer[]> {
  const players = await Promise.all(
    NAMES.map((name) => ChaosPlayer.online(stage, { name, relay, room: ROOM })),
  );
  const [maker, ...others] = players as [ChaosPlayer, ...ChaosPlayer[]];
  await done(maker.agent, ["create", ROOM, TOPIC, "--private"]);
  const { value } = await maker.agent.json(["invite", ROOM, "--uses", "2"]);
  for (const player of others) await player.enter(value.invite);
  return players;
}

async function trouble(chaos: Chaos, round: number): Promise<void> {
  const { players, relay, chance } = chaos;
  // The first rounds have each of them once.
  const kind = round < KINDS ? round : Math.floor(chance() * KINDS);
  const player = players[Math.floor(chance() * players.length)]!;
  if (kind === 0) return relay.cut();
  if (kind === 1) return await changed(chaos, round);
  await player.ended(kind === 2 ? "SIGKILL" : "SIGTERM");
}

/** Somebody is added, and who was added before removed, by a daemon that is killed between any two writes of it. */
async function changed(chaos: Chaos, round: number): Promise<void> {
  const { players, chance, added: before } = chaos;
  const [maker] = players as [ChaosPlayer];
  const { id } = stranger(100 + round);
  chaos.added = id;
  const changes = Promise.all([
    maker.agent.run(["add", ROOM, id]),
    before === undefined ? null : maker.agent.run(["remove", ROOM, before]),
  ]);
  await new Promise((go) => setTimeout(go, chance() * 400));
  await maker.ended("SIGKILL");
  await changes;
}

/** From 0 up to 1, the same for the same seed. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
