import type { Share } from "./search.ts";
import type { PowOutcome } from "./solver.ts";

/** One search for a worker. */
export interface SolveCommand {
  readonly type: "solve";
  /** Chosen by the sender; comes back in every report. */
  readonly id: number;
  readonly challenge: string;
  readonly difficulty: number;
  readonly share: Share;
  /** Milliseconds. */
  readonly budgetMs?: number;
  /** Four shared bytes; the sender sets the first Int32 to 1 to call the search off at once. */
  readonly cancelFlag?: SharedArrayBuffer;
}

/** What a solver worker is told, on its own scope or on a port handed to it. */
export type PowCommand =
  | SolveCommand
  | { readonly type: "cancel"; readonly id: number }
  /** Serve this port as well. */
  | { readonly type: "port"; readonly port: MessagePort };

/** What a solver worker answers. `failed`: it could not search at all. */
export type PowReport =
  | { readonly type: "progress"; readonly id: number; readonly hashes: number }
  | {
    readonly type: "done";
    readonly id: number;
    readonly outcome: PowOutcome;
  }
  | { readonly type: "failed"; readonly id: number };

/** A two-way channel of messages: a Worker, a MessagePort, a worker's own scope, a fake. */
export interface PowChannel<Out> {
  postMessage(message: Out, transfer?: Transferable[]): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent) => void,
  ): void;
  removeEventListener(
    type: "message",
    listener: (event: MessageEvent) => void,
  ): void;
  /** A MessagePort delivers nothing before this. */
  start?(): void;
}

/** Longest challenge that a solver worker takes, in characters. */
export const MAX_CHALLENGE = 300;

/** A command, or undefined if `data` is none. */
export function parseCommand(data: unknown): PowCommand | undefined {
  if (!isObject(data)) return undefined;
  switch (data.type) {
    case "solve":
      return isSolveCommand(data) ? data : undefined;
    case "cancel":
      return isWhole(data.id) ? { type: "cancel", id: data.id } : undefined;
    case "port":
      return data.port instanceof MessagePort
        ? { type: "port", port: data.port }
        : undefined;
    default:
      return undefined;
  }
}

/** A report, or undefined if `data` is none. */
export function parseReport(data: unknown): PowReport | undefined {
  if (!isObject(data) || !isWhole(data.id)) return undefined;
  const id = data.id;
  switch (data.type) {
    case "progress":
      return isWhole(data.hashes)
        ? { type: "progress", id, hashes: data.hashes }
        : undefined;
    case "done":
      return isOutcome(data.outcome)
        ? { type: "done", id, outcome: data.outcome }
        : undefined;
    case "failed":
      return { type: "failed", id };
    default:
      return undefined;
  }
}

type Fields = Record<string, unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isShare(value: unknown): value is Share {
  return isObject(value) && isWhole(value.index) && isWhole(value.of) &&
    value.index < value.of;
}

function isFlag(value: unknown): value is SharedArrayBuffer {
  return value instanceof SharedArrayBuffer && value.byteLength === 4;
}

function isSolveCommand(data: Fields): data is Fields & SolveCommand {
  return isWhole(data.id) && isWhole(data.difficulty) && isShare(data.share) &&
    typeof data.challenge === "string" &&
    data.challenge.length <= MAX_CHALLENGE &&
    (data.budgetMs === undefined || typeof data.budgetMs === "number") &&
    (data.cancelFlag === undefined || isFlag(data.cancelFlag));
}

function isOutcome(value: unknown): value is PowOutcome {
  if (!isObject(value) || !isWhole(value.hashes)) return false;
  if (value.ok === true) return typeof value.proof === "string";
  return value.ok === false &&
    ["aborted", "budget", "too_hard"].includes(String(value.reason));
}
