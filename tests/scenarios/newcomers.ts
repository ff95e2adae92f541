// Two who never saw the program, each with an empty home, and a relay that is
// there: what they type until one has a message of the other.

import assert from "node:assert/strict";
import type { Stage } from "../../scripts/stage.ts";
import { EmptyHome } from "../fakes/empty_home.ts";

/** A relay as its operator sees it. */
export interface OpenRelay {
  readonly url: string;
  /** The line that it says for the first agent, without the program's name. */
  readonly invite: readonly string[];
}

/** What it came to. */
export interface Meeting {
  /** The commands that each typed. */
  readonly typed: { readonly ada: string[]; readonly bob: string[] };
  /** From the first key to the message, as the commands ran; milliseconds. */
  readonly ms: number;
  readonly ada: EmptyHome;
  readonly bob: EmptyHome;
}

/** All that they type where the relay is there. */
export const TWO_A_SIDE: Meeting["typed"] = {
  ada: ["invite", "messages"],
  bob: ["join", "send"],
};

/** How long a first start may take to unpack or fetch. */
const START_MS = 120_000;

/** Starts `agentnet relay --open` on a stage, and reads what it says. */
export async function openRelay(
  stage: Stage,
  env: Readonly<Record<string, string>> = {},
): Promise<OpenRelay> {
  const relay = stage.start([
    ...["relay", "--open", "--listen", "127.0.0.1:0"],
    ...["--data", `${stage.folder}/relay`],
  ], { env });
  const [, line = "", url = ""] = await relay.line(
    /the first agent: agentnet (invite \S+ --relay (ws:\/\/\S+\/v1\/ws))\n/,
    START_MS,
  );
  return { url, invite: line.split(" ") };
}

/** Lets the two meet; the homes end with their daemons by {@link AsyncDisposable}. */
export async function meet(
  stage: Stage,
  { invite }: OpenRelay,
  env: Readonly<Record<string, string>> = {},
): Promise<Meeting & AsyncDisposable> {
  const ada = await EmptyHome.make(stage, "ada", env);
  const bob = await EmptyHome.make(stage, "bob", env);
  const typed = { ada: [] as string[], bob: [] as string[] };
  const type = async (who: "ada" | "bob", ...line: string[]) => {
    typed[who].push(line[0] ?? "");
    const { code, stdout, stderr } = await { ada, bob }[who].run(line);
    assert.equal(code, 0, `${line[0]}: ${stderr}`);
    return stdout;
  };
  const began = performance.now();
  const string = await type("ada", ...invite);
  await type("bob", "join", string.trim());
  await type("bob", "send", "tea", "Hello from an empty home.");
  const got = await type("ada", "messages", "--wait", "30s");
  const ms = performance.now() - began;
  assert.match(got, /: Hello from an empty home\.\n/);
  return {
    ...{ typed, ms, ada, bob },
    async [Symbol.asyncDispose]() {
      await ada[Symbol.asyncDispose]();
      await bob[Symbol.asyncDispose]();
    },
  };
}
