import { BOUNDS } from "../settings.ts";

interface Age {
  readonly since: number;
  /** When its connection dropped; undefined while it is logged in. */
  gone?: number;
}

/** How long each agent has been here. A dropped connection does not end its age until the grace time is over. */
export class Ages {
  readonly #graceMs: number;
  readonly #ages = new Map<string, Age>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  get size(): number {
    return this.#ages.size;
  }

  /** The agent logged in. */
  arrived(agent: string, now: number): void {
    const age = this.#ages.get(agent);
    if (age === undefined || this.#isOver(age, now)) {
      this.#makeRoom();
      this.#ages.set(agent, { since: now });
    } else delete age.gone;
  }

  /** The agent's connection is gone. */
  left(agent: string, now: number): void {
    const age = this.#ages.get(agent);
    if (age !== undefined) age.gone = now;
  }

  /** Whole milliseconds until the agent is `wanted` old; 0 when it is. */
  wait(agent: string, wanted: number, now: number): number {
    const since = this.#ages.get(agent)?.since ?? now;
    return Math.max(0, Math.ceil(since + wanted - now));
  }

  sweep(now: number): void {
    for (const [agent, age] of this.#ages) {
      if (this.#isOver(age, now)) this.#ages.delete(agent);
    }
  }

  #isOver(age: Age, now: number): boolean {
    return age.gone !== undefined && now - age.gone > this.#graceMs;
  }

  #makeRoom(): void {
    if (this.#ages.size < BOUNDS.ages) return;
    for (const [agent, age] of this.#ages) {
      if (age.gone === undefined) continue;
      this.#ages.delete(agent);
      return;
    }
  }
}
