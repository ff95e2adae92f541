import type { NodeView } from "../../lib/admin_api/cluster_status.ts";
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

/** Rows of each kind that a listing holds, rooms that an agent may be in by it among them, and figures. */
const MOST = { rows: 1_000, figures: 200 } as const;

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
  ban: isYesOrNo,
  is_banned: isYesOrNo,
  cluster: parseClusterView,
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
    banned: textsOf(answer.banned),
  };
}

/** Null too where the relay is by itself: who asks has to know that already. */
function parseClusterView(answer: unknown): OperatorAnswers["cluster"] | null {
  if (!isWords(answer)) return null;
  const { trouble } = answer;
  return {
    node: cutText(answer.node),
    boot: numberOf(answer.boot),
    position: numberOf(answer.position),
    ops: numberOf(answer.ops),
    rules: numberOf(answer.rules),
    behind: numberOf(answer.behind),
    lag_ms: numberOf(answer.lag_ms),
    skew_ms: answer.skew_ms === null ? null : numberOf(answer.skew_ms),
    waiting_ops: numberOf(answer.waiting_ops),
    waiting_bytes: numberOf(answer.waiting_bytes),
    trouble: trouble === null ? null : cutText(trouble),
    nodes: rowsOf(answer.nodes).map(nodeView),
  };
}

function nodeView(row: Words): NodeView {
  const { is_equal } = row;
  return {
    node: cutText(row.node),
    boot: numberOf(row.boot),
    is_gone: row.is_gone === true,
    silent_ms: numberOf(row.silent_ms),
    ops: numberOf(row.ops),
    digest: cutText(row.digest),
    is_equal: typeof is_equal === "boolean" ? is_equal : null,
    knows: numberOf(row.knows),
  };
}

function parseStats(answer: unknown): RelayStats | null {
  if (!isWords(answer)) return null;
  const figures = Object.entries(answer).slice(0, MOST.figures)
    .map(([name, figure]) => [cutText(name), numberOf(figure)] as const);
  return Object.fromEntries(figures);
}

function agentRow(row: Words): AgentRow {
  return {
    id: cutText(row.id),
    name: cutText(row.name),
    address: cutText(row.address),
    connected_ms: numberOf(row.connected_ms),
    rooms: textsOf(row.rooms),
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

function textsOf(texts: unknown): string[] {
  return Array.isArray(texts) ? texts.slice(0, MOST.rows).map(cutText) : [];
}

function rowsOf(rows: unknown): Words[] {
  return Array.isArray(rows) ? rows.slice(0, MOST.rows).filter(isWords) : [];
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
