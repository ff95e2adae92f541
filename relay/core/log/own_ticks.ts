import type { Now } from "../events.ts";
import type { Applier } from "./applier.ts";
import type { OpBatch } from "./op.ts";
import type { Submitter } from "./submitter.ts";

/** What this relay says of itself with each tick. */
export interface OwnTicksOptions {
  readonly node: string;
  /** Stands for the settings that all relays of the log must share. */
  readonly settings: string;
  /** The newest rules that this program can apply. */
  readonly knows: number;
}

/** This relay's own ticks, one of which is on its way at a time; with them the first relay that lives proposes new rules. */
export class OwnTicks {
  readonly #options: OwnTicksOptions;
  readonly #applier: Applier;
  #isUnderWay = false;

  constructor(options: OwnTicksOptions, applier: Applier) {
    this.#options = options;
    this.#applier = applier;
  }

  say(submitter: Submitter, now: Now): void {
    if (this.#isUnderWay) return;
    this.#isUnderWay = true;
    const { node, settings, knows } = this.#options;
    const { dueRules, nodes, checkpoints: { last: checkpoint } } =
      this.#applier;
    const isFirst = nodes.alive()[0]?.node === node;
    if (dueRules !== null && isFirst) {
      submitter.submit({ op: "rules", version: dueRules }, now);
    }
    submitter.submit({ op: "tick", knows, settings, checkpoint }, now);
  }

  /** An own batch counts. */
  seen({ ops }: OpBatch): void {
    if (ops.some(({ op }) => op === "tick")) this.#isUnderWay = false;
  }

  /** What was under way is said no more. */
  forget(): void {
    this.#isUnderWay = false;
  }
}
