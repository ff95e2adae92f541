import assert from "node:assert/strict";
import type { Background } from "../../scripts/background.ts";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";
import type { ToldRelay } from "../fakes/told_relay.ts";

/** Seconds without anything going out, or coming in, after which it is stuck: past the outbox's longest pause. */
const STUCK_S = 120;
/** So much of a daemon's log is shown where something failed. */
const TOLD_LINES = 60;
const ENV = { AGENTNET_BRAKES: "off" };

/** One who talks in one private room while its daemon is killed, and started again. */
export class ChaosPlayer {
  readonly agent: StagedAgent;
  readonly #relay: ToldRelay;
  readonly #room: string;
  #process: Background;

  private constructor(
    { agent, relay, room }: {
      readonly agent: StagedAgent;
      readonly relay: ToldRelay;
      readonly room: string;
    },
    process: Background,
  ) {
    this.agent = agent;
    this.#relay = relay;
    this.#room = room;
    this.#process = process;
  }

  /** Its daemon is connected; it is in no room yet. */
  static async online(
    stage: Stage,
    { name, relay, room }: {
      readonly name: string;
      readonly relay: ToldRelay;
      readonly room: string;
    },
  ): Promise<ChaosPlayer> {
    const agent = stage.agent(name);
    const process = await agent.online({ relay: relay.url, env: ENV });
    return new ChaosPlayer({ agent, relay, room }, process);
  }

  /** Joins, and waits to be let in, however slow the host is. */
  async enter(invite: string): Promise<void> {
    const { code, stderr } = await this.agent.run(["join", invite]);
    assert.ok(code === 0 || code === 9, stderr);
    for (let tries = 0; tries < STUCK_S; tries++) {
      const { value } = await this.agent.json(["who", this.#room]);
      if (value.private?.member === true) return;
      await second();
    }
    throw new Error(`${this.agent.name} was not let in\n${await this.#told()}`);
  }

  /** Its daemon ends, and is started again. */
  async ended(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    this.#process.kill(signal);
    await this.#process.status;
    this.#process = await this.agent.startDaemon({
      ...{ relay: this.#relay.url, env: ENV },
    });
  }

  /**
   * Which of its last texts the relay has, as it knows once nothing waits: of what was on its way at a kill a Go relay
   * says nothing.
   */
  async accepted(texts: ReadonlySet<string>): Promise<string[]> {
    let least = Infinity;
    // A fast host says more in a minute than the relay takes: what waits goes out at its pace.
    for (let tries = 0; tries < STUCK_S; tries++) {
      const sent = await this.#sent();
      const queued = sent.filter(({ status }) => status === "queued").length;
      if (queued === 0) {
        return sent.filter(({ status }) => status === "accepted")
          .map(({ text }) => text).filter((text) => texts.has(text));
      }
      if (queued < least) tries = 0;
      least = Math.min(least, queued);
      await second();
    }
    throw new Error(
      `${this.agent.name} never sent what waits\n${await this.#told()}`,
    );
  }

  /** Waits until it has all of these, and nothing twice. */
  async hears(wanted: readonly string[]): Promise<void> {
    let least = Infinity;
    for (let tries = 0; tries < STUCK_S; tries++) {
      const texts = await this.#texts();
      assert.equal(new Set(texts).size, texts.length, "nothing came twice");
      const missing = wanted.filter((text) => !texts.includes(text));
      if (missing.length === 0) return;
      if (missing.length < least) tries = 0;
      least = Math.min(least, missing.length);
      await second();
    }
    throw new Error(
      `${this.agent.name} misses ${least}\n${await this.#told()}`,
    );
  }

  async #texts(): Promise<string[]> {
    const { value } = await this.agent.json([
      ...["messages", this.#room, "--all", "--last", "500"],
    ]);
    return value.messages.map((one: { text: string }) => one.text);
  }

  async #sent(): Promise<{ text: string; status: string }[]> {
    const { value } = await this.agent.json(["sent", "--limit", "200"]);
    return value.sent;
  }

  /** All that it and its daemon say of how they stand. */
  async #told(): Promise<string> {
    const { agent } = this;
    const sent = await this.#sent();
    const [status, who] = await Promise.all([
      agent.json(["status"]),
      agent.json(["who", this.#room]),
    ]);
    const told = [
      { queued: sent.filter((one) => one.status === "queued") },
      { status: status.value },
      { who: who.value },
    ];
    const log = this.#process.output.split("\n").slice(-TOLD_LINES);
    return [...told.map((one) => JSON.stringify(one)), ...log].join("\n");
  }
}

function second(): Promise<void> {
  return new Promise((go) => setTimeout(go, 1_000));
}
