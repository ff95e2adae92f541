import { type Clock, sleep } from "../clock.ts";
import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type { RoomMember } from "../local_api/types/rooms.ts";
import type { SendResult } from "../local_api/types/sends.ts";
import type { RoomName } from "../protocol/names.ts";
import { checkText } from "./text_check.ts";

/** Between two looks; the relay answers sixty a minute. Milliseconds. */
const LOOK_MS = 2_000;
/** The shortest start of a key that is taken for one. */
const SHORTEST_START = 8;

/** How far a wake came: each stage is the last one that was reached. */
export type WakeStage =
  /** The relay does not tell who can be woken. */
  | "untold"
  /** It is not connected. */
  | "away"
  /** Nothing of its program waits to wake it, or its brakes are on. */
  | "no"
  | "braked"
  /** The message is with the relay, and its program did not wake it in time. */
  | "sent"
  | "woken";

export interface WakeTrial {
  readonly stage: WakeStage;
  readonly agent: Pick<RoomMember, "id" | "name">;
  readonly room: RoomName;
  readonly last_heard?: number;
  /** Absent where nothing was sent. */
  readonly sent?: SendResult;
  /** From the send to the wake, by looks of two seconds. */
  readonly woken_after_ms?: number;
}

type Api = Pick<LocalApi, "status" | "members" | "send">;

interface Found {
  readonly room: RoomName;
  readonly member: RoomMember;
}

/**
 * Calls an agent by `@` in a room that both are in, and looks whether its program wakes it.
 *
 * @param who its name, or at least 8 characters of its key
 * @throws {Failure} NOT_FOUND, USAGE; those of a send.
 */
export async function tryWake(
  clock: Clock,
  api: Api,
  { who, timeoutMs }: { readonly who: string; readonly timeoutMs: number },
): Promise<WakeTrial> {
  const { room, member } = await find(api, who);
  const { id, name, last_heard, woken_at: before } = member;
  const trial = { agent: { id, name }, room, ...defined({ last_heard }) };
  const stage = stageOf(member);
  if (stage !== null) return { ...trial, stage };
  const text = checkText(`@${id} wake test: nothing to do`);
  const began = clock.monotonic();
  const sent = await api.send({ room, text });
  while (clock.monotonic() - began < timeoutMs) {
    await sleep(clock, LOOK_MS);
    const { members } = await api.members({ room });
    const now = members.find((one) => one.id === id);
    if (now?.woken_at === undefined || now.woken_at === before) continue;
    const woken_after_ms = Math.round(clock.monotonic() - began);
    return { ...trial, stage: "woken", sent, woken_after_ms };
  }
  return { ...trial, stage: "sent", sent };
}

/** Where it ends before anything is sent. */
function stageOf({ connected, wakeable }: RoomMember): WakeStage | null {
  if (connected === undefined) return "untold";
  if (!connected) return "away";
  return wakeable === "yes" ? null : wakeable ?? "untold";
}

async function find(api: Api, who: string): Promise<Found> {
  const { rooms, agent_id } = await api.status({});
  const name = who.replace(/^@/, "");
  const isKey = name.length >= SHORTEST_START;
  const found = new Map<string, Found>();
  for (const { name: room, joined } of rooms) {
    if (!joined) continue;
    const { members } = await api.members({ room });
    for (const member of members) {
      const { id } = member;
      const isMeant = member.name === name || (isKey && id.startsWith(name));
      if (isMeant && id !== agent_id && !found.has(id)) {
        found.set(id, { room, member });
      }
    }
  }
  const [first, second] = found.values();
  if (first === undefined) throw nobody(name);
  if (second === undefined) return first;
  const fix = "give the start of its key, from agentnet who ROOM";
  throw new Failure("USAGE", {
    fields: { reason: `several agents go by '${name}'`, fix },
  });
}

function nobody(name: string): Failure {
  return new Failure("NOT_FOUND", {
    fields: {
      what: `'${name}' in a room that this agent is in`,
      fix: "see who is: agentnet who ROOM",
    },
  });
}
