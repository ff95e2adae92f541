import type {
  AgentRow,
  RelayStats,
  RoomRow,
} from "../../lib/admin_api/types.ts";
import {
  cutText,
  isCount,
  isWords,
  type Words,
} from "../../lib/worker_words.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";

/** Rows of each kind that a listing holds, rooms that an agent may be in by it, and figures. */
const MOST = { rows: 1_000, rooms: 1_000, figures: 200 } as const;

const isYesOrNo = (answer: unknown) =>
  typeof answer === "boolean" ? answer : null;

const READERS: {
  readonly [Kind in OperatorAsk["kind"]]: (
    answer: unknown,
  ) => OperatorAnswers[Kind] | null;
} = {
  list: parseListing,
  stats: parseStats,
  admit: isYesOrNo,
  kick: isYesOrNo,
  close: isYesOrNo,
};

/** Reads the socket worker's answer to a question, which is not believed; null where it is none. */
export function parseAnswer<Kind extends OperatorAsk["kind"]>(
  kind: Kind,
  answer: unknown,
): OperatorAnswers[Kind] | null {
  return READERS[kind](answer);
}

function parseListing(answer: unknown): OperatorAnswers["list"] | null {
  if (!isWords(answer)) return null;
  const { agents_total, rooms_total } = answer;
  if (!isCount(agents_total) || !isCount(rooms_total)) return null;
  return {
    agents: rowsOf(answer.agents).map(agentRow),
    agents_total,
    rooms: rowsOf(answer.rooms).map(roomRow),
    rooms_total,
  };
}

function parseStats(answer: unknown): RelayStats | null {
  if (!isWords(answer)) return null;
  const figures = Object.entries(answer).slice(0, MOST.figures)
    .map(([name, figure]) => [cutText(name), numberOf(figure)] as const);
  return Object.fromEntries(figures);
}

function agentRow(row: Words): AgentRow {
  const rooms = Array.isArray(row.rooms) ? row.rooms : [];
  return {
    id: cutText(row.id),
    name: cutText(row.name),
    address: cutText(row.address),
    connected_ms: numberOf(row.connected_ms),
    rooms: rooms.slice(0, MOST.rooms).map(cutText),
  };
}

function roomRow(row: Words): RoomRow {
  return {
    name: cutText(row.name),
    topic: cutText(row.topic),
    members: numberOf(row.members),
    last_active: numberOf(row.last_active),
  };
}

function rowsOf(rows: unknown): Words[] {
  return Array.isArray(rows) ? rows.slice(0, MOST.rows).filter(isWords) : [];
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
