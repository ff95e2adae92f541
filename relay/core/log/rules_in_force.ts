import type { ViewEntry } from "../../store/contract.ts";
import type { Nodes } from "./nodes.ts";
import type { Op } from "./op.ts";

/**
 * A relay that was heard so lately counts among those that must know new rules, also where it is gone just now: it may be
 * on its way back, as the program that it was. Milliseconds.
 */
const LATELY_MS = 3_600_000;
/** Rules that every program knows. */
const FIRST = 1;
const KEY = "rules";

/**
 * By which rules ops are applied: those that an op put in force, the same for all at one place of the log. New ones are
 * proposed by the first relay that lives, once all that live, or lived lately, know them; whoever does not know them by
 * then stops.
 */
export class RulesInForce {
  #version = FIRST;

  get version(): number {
    return this.#version;
  }

  /** Goes on where the view stands. */
  restore(entries: readonly ViewEntry[]): void {
    const [, version] = entries.find(([key]) => key === KEY) ?? [];
    if (version) this.#version = Number(version);
  }

  /** The newest rules that all know, if they are not in force yet. @param at the log's time. */
  due(nodes: Nodes, at: number): number | null {
    const counted = nodes.rows()
      .filter(({ isGone, lastAt }) => !isGone || at - lastAt < LATELY_MS);
    const known = counted.map(({ said }) => said?.knows ?? 0);
    const least = Math.min(...known);
    return known.length > 0 && least > this.#version ? least : null;
  }

  /**
   * A batch is applied, by the rules of before: what it puts in force holds from the next one on. It is judged once more,
   * since relays may have come since it was submitted.
   *
   * @returns what the view is to remember of it.
   */
  applied(ops: readonly Op[], nodes: Nodes, at: number): ViewEntry[] {
    const due = this.due(nodes, at) ?? this.#version;
    const wanted = ops.flatMap((op) => op.op === "rules" ? [op.version] : [])
      .filter((version) => version > this.#version && version <= due);
    if (wanted.length === 0) return [];
    this.#version = Math.max(...wanted);
    return [[KEY, `${this.#version}`]];
  }
}
