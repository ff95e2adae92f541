import type { Logger } from "../../lib/log.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { RelayCore } from "../core/core.ts";
import type { FrameEvent } from "../core/edge/connection.ts";
import type { CheckResult } from "../checks/check_messages.ts";
import { CLOSE, type CoreEvent } from "../core/events.ts";
import { BOUNDS, type LimitSettings } from "../core/settings.ts";
import { SlidingWindow } from "../core/sliding_window.ts";
import type { CheckTask } from "./checks/check_lane.ts";
import type { CheckPool } from "./checks/check_pool.ts";
import type { FairTurns } from "./fair_turns.ts";
import { checkedEvent, ingest, type IngestParts } from "./ingest.ts";
import type { Peer } from "./peer.ts";
import type { WaitingFrame } from "./peer_input.ts";

/** Frames of a connection without an outcome, past which no more of it are handled. */
const BACKLOG = 256;
const MINUTE_MS = 60_000;

export interface FrameIntakeOptions {
  readonly core: RelayCore;
  readonly limits: LimitSettings;
  readonly log: Logger;
  readonly isStoreFull: () => boolean;
  /** Where frames are checked when one thread is too little. */
  readonly checks: CheckPool;
  readonly turns: Pick<FairTurns, "add" | "busyMs" | "charge">;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly step: (event: CoreEvent) => void;
  readonly end: (peer: Peer, code: number, reason: string) => void;
}

/** Takes a peer's frames to the core, and ends a peer whose frames are not worth it. */
export class FrameIntake {
  readonly #options: FrameIntakeOptions;
  readonly #refused: SlidingWindow;
  readonly #parts: IngestParts;

  constructor(options: FrameIntakeOptions) {
    this.#options = options;
    const { core, limits, now } = options;
    this.#refused = new SlidingWindow({
      most: limits.refusedPerAgent,
      spanMs: MINUTE_MS,
      keys: BOUNDS.limitKeys,
    });
    this.#parts = {
      core,
      verifier: new Verifier(),
      waits: (agent) => this.#refused.wait(agent, now()) > 0,
    };
  }

  /** Whether the peer's earlier frames leave room for another one. */
  mayGoOn(peer: Peer): boolean {
    const { core, isStoreFull } = this.#options;
    return core.backlog(peer.id) < BACKLOG && !isStoreFull();
  }

  /** A login is always looked at here: it is judged by more than its text. */
  sendAhead(peer: Peer, frames: () => readonly WaitingFrame[]): boolean {
    const { checks, turns } = this.#options;
    const { agent, payer } = peer;
    if (agent === "" || !checks.mayTake(turns.busyMs)) return false;
    const tasks: CheckTask[] = [];
    for (const frame of frames()) {
      const { content: text } = frame;
      if (typeof text !== "string") break;
      frame.check = "away";
      const done = ({ checked, ms }: CheckResult) => {
        frame.check = checked ?? "here";
        turns.charge(payer, ms);
        turns.add(peer);
      };
      tasks.push({ agent, text, done });
    }
    if (tasks.length > 0) checks.take(tasks);
    return tasks.length > 0;
  }

  /** Handles one frame. Never throws. */
  handle(peer: Peer, frame: WaitingFrame): void {
    const { log, step } = this.#options;
    try {
      const event = this.#event(peer, frame);
      step(event);
      if (event.kind !== "frame") this.#count(peer);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      log.error("frame failed", { conn: peer.id, reason });
      peer.terminate();
    }
  }

  #event({ id }: Peer, { content, check }: WaitingFrame): FrameEvent {
    if (typeof content !== "string") {
      return { kind: "refused", conn: id, fault: content };
    }
    return typeof check === "object"
      ? checkedEvent(id, check, content)
      : ingest(id, content, this.#parts);
  }

  /** Forgets what no longer counts. */
  sweep(now: number): void {
    this.#refused.sweep(now);
  }

  /** One that is nobody yet was turned away already. */
  #count(peer: Peer): void {
    const { end, now } = this.#options;
    if (peer.agent === "" || this.#refused.take(peer.agent, now()) === 0) {
      return;
    }
    end(peer, CLOSE.policy, "too many refused frames");
  }
}
