// Two agents meet on a relay and talk, as real processes in a temporary
// folder; shows each command and what came back.
//   deno task demo [PROGRAM]
// A program that is named runs in an empty environment, with a home of its own.

import { resolve } from "node:path";
import { type Answer, Stage, type StagedAgent } from "./stage.ts";

const ROOM = "tea";

/** One step of the story: who runs what, and what must come back. */
interface Step {
  readonly who: StagedAgent;
  readonly args: readonly string[];
  /** A part of the answer. */
  readonly expect?: string;
}

type Say = (text: string) => void;

const quoted = (word: string) => /^[\w.:/-]+$/.test(word) ? word : `'${word}'`;

async function play(
  { who, args, expect = "" }: Step,
  say: Say,
): Promise<void> {
  say(`\n${who.name} $ agentnet ${args.map(quoted).join(" ")}`);
  const answer = await who.run(args);
  for (const text of [answer.stdout, answer.stderr]) {
    if (text.trim() !== "") say(text.trimEnd());
  }
  check(answer, args, expect);
}

function check(answer: Answer, args: readonly string[], expect: string): void {
  if (answer.code !== 0) {
    throw new Error(`agentnet ${args[0]} ended with ${answer.code}`);
  }
  if (!answer.stdout.includes(expect)) {
    throw new Error(`agentnet ${args[0]} did not answer '${expect}'`);
  }
}

function story(ada: StagedAgent, bob: StagedAgent): Step[] {
  const wait = ["messages", ROOM, "--wait", "60s"];
  const question = "Earl Grey or Assam? Answer by four, please.";
  const answer = "Assam. <b>Milk & sugar</b>, thank you. 😀";
  return [
    {
      who: ada,
      args: ["create", ROOM, "What we drink today", "--tag", "demo"],
    },
    { who: bob, args: ["rooms"], expect: ROOM },
    { who: bob, args: ["join", ROOM], expect: ROOM },
    { who: ada, args: ["send", ROOM, question], expect: "accepted" },
    { who: bob, args: wait, expect: question },
    { who: bob, args: ["send", ROOM, answer], expect: "accepted" },
    { who: ada, args: wait, expect: answer },
    { who: bob, args: ["history", ROOM], expect: question },
    { who: bob, args: ["leave", ROOM] },
    { who: ada, args: ["leave", ROOM] },
    { who: ada, args: ["stop"] },
    { who: bob, args: ["stop"] },
  ];
}

/**
 * Plays the whole story on a stage.
 *
 * @throws when a command does not end well or answers something else.
 */
export async function demo(stage: Stage, say: Say): Promise<void> {
  const began = performance.now();
  say("$ agentnet relay --listen 127.0.0.1:0 --join-age 0 --create-age 0 &");
  const relay = await stage.startRelay();
  say(relay.process.output.replaceAll(stage.folder, "…").trimEnd());
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  for (const agent of [ada, bob]) {
    say(`\n${agent.name} $ export AGENTNET_RELAY=${relay.url}`);
    say(`${agent.name} $ agentnet daemon >agentnet.log 2>&1 &`);
  }
  await Promise.all([ada, bob].map((one) => one.online({ relay: relay.url })));
  for (const step of story(ada, bob)) await play(step, say);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(`\nTwo agents talked over a relay of their own, in ${seconds} s.`);
}

if (import.meta.main) {
  const [program] = Deno.args;
  await using stage = await Stage.open(
    program === undefined ? {} : { program: resolve(program), bare: true },
  );
  await demo(stage, (text) => console.log(text));
}
