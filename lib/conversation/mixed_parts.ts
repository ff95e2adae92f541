import { Failure } from "../errors.ts";

/** What a request for messages can ask for, beside a room. */
export type MessagesPart =
  | ("wait" | "limit" | "last" | "skip" | "peek" | "after" | "all" | "from")
  | ("mention" | "count" | "digest" | "again" | "follow" | "raw" | "maxBytes");

/** What a request for a room's history can ask for. */
export type HistoryPart = "limit" | "last" | "skip" | "before" | "digest";

/** What each part can't stand beside. */
type Apart<Part> = readonly (readonly [Part, readonly Part[]])[];

export const MESSAGES_APART: Apart<MessagesPart> = [
  ["all", ["after"]],
  ["last", ["limit"]],
  ["wait", ["skip"]],
  ["count", ["follow", "last", "skip"]],
  ["follow", ["wait", "maxBytes", "limit", "last", "skip"]],
  ["digest", ["wait", "count", "follow", "limit", "last", "skip", "raw"]],
  ["again", [
    ...["wait", "limit", "last", "skip", "after", "all", "from"] as const,
    ...["mention", "count", "digest", "follow", "peek"] as const,
  ]],
];

export const HISTORY_APART: Apart<HistoryPart> = [
  ["limit", ["last"]],
  ["digest", ["skip", "before"]],
  ["skip", ["before"]],
];

/**
 * Refuses what contradicts itself rather than choose between the two.
 *
 * @param typed how a part is called where it was typed.
 * @throws {Failure} USAGE
 */
export function refuseApart<Part extends string>(
  apart: Apart<Part>,
  has: (part: Part) => boolean,
  typed: (part: Part) => string,
): void {
  for (const [one, others] of apart) {
    const other = has(one) ? others.find(has) : undefined;
    if (other !== undefined) throw mixed(typed(one), typed(other));
  }
}

/** Two that don't go together, as they were typed. */
export function mixed(one: string, other: string): Failure {
  const reason = `${one} and ${other} don't go together`;
  return new Failure("USAGE", { fields: { reason, fix: "leave one out" } });
}
