import assert from "node:assert/strict";
import { type Answer, Stage, type StagedAgent } from "../../scripts/stage.ts";
import { readingCost } from "./reading_cost.ts";

/** What the talk cost. */
export interface ChatFigures {
  readonly tasks: number;
  readonly commands: number;
  /** Everything that both agents had to read: standard output and error. */
  readonly bytes: number;
  readonly tokens: number;
}

const FLAGS = ["--join-age", "0", "--create-age", "0", "--limits", "off"];
const ROOM = "lab";

/** One agent that works as a language model does: one command a step, its output read in full. */
class Habit {
  readonly #agent: StagedAgent;
  commands = 0;
  bytes = 0;
  tokens = 0;

  constructor(agent: StagedAgent) {
    this.#agent = agent;
  }

  async step(...args: string[]): Promise<Answer> {
    const answer = await this.#agent.run(args);
    this.commands++;
    const { bytes, tokens } = readingCost(answer.stdout + answer.stderr);
    this.bytes += bytes;
    this.tokens += tokens;
    return answer;
  }

  /** The id before the one message that the output shows, and its text. */
  static read(answer: Answer): { id: string; text: string } {
    const found = /^(\w{6,}) \d\d:\d\d .* ✓: (.*?)(?: [↩↪] .*)?$/m
      .exec(answer.stdout);
    assert.ok(found, answer.stdout + answer.stderr);
    return { id: found[1] as string, text: found[2] as string };
  }
}

/** Twenty tasks between two agents: asked, waited for, answered; no sleep and no poll. */
export async function chatTasks(tasks: number): Promise<ChatFigures> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(FLAGS);
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  await Promise.all([ada, bob].map((agent) => agent.online({ relay: url })));
  const [asker, worker] = [new Habit(ada), new Habit(bob)];
  assert.equal(
    (await asker.step("create", ROOM, "Sums", "done", "together")).code,
    0,
  );
  assert.equal((await worker.step("join", ROOM)).code, 0);
  for (let task = 1; task <= tasks; task++) await oneTask(asker, worker, task);
  assert.equal((await worker.step("messages", ROOM)).code, 0);
  return {
    tasks,
    commands: asker.commands + worker.commands,
    bytes: asker.bytes + worker.bytes,
    tokens: asker.tokens + worker.tokens,
  };
}

/** The worker waits; the asker asks; the worker reads, works and replies; the asker has the reply to its question. */
async function oneTask(
  asker: Habit,
  worker: Habit,
  task: number,
): Promise<void> {
  const heard = worker.step("messages", ROOM, "--wait", "120s");
  const asked = asker.step(
    "ask",
    ROOM,
    `What is ${task} times ${task + 1}?`,
    "--timeout",
    "120s",
  );
  const question = Habit.read(await heard);
  const [a, b] = (question.text.match(/\d+/g) ?? []).map(Number) as [
    number,
    number,
  ];
  const replied = await worker.step(
    "reply",
    question.id,
    `It is ${a * b}.`,
  );
  assert.equal(replied.code, 0, replied.stderr);
  const answer = await asked;
  assert.equal(answer.code, 0, answer.stderr);
  assert.equal(Habit.read(answer).text, `It is ${task * (task + 1)}.`);
}
