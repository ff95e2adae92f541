import { Failure } from "../../lib/errors.ts";
import type {
  RoomState,
  RoomStatus,
  Status,
  TalkStatus,
  WakeStatus,
} from "../../lib/local_api/types/status.ts";
import { absenceOf } from "./core/room_state.ts";
import type { Room } from "./core/room.ts";
import type { Parts } from "./parts.ts";
import type { SealedRooms } from "./sealed_rooms.ts";
import type { SessionOptions } from "./session_options.ts";
import type { Reconnect } from "./reconnect.ts";

/** A clock that is further off has its signed frames refused: a relay takes 5 s ahead (protocol.md section 4). */
const SKEW_MS = 4_000;

/** What `status` is made of, beside the options. */
interface StatusParts {
  readonly reconnect: Reconnect;
  readonly rooms: readonly Room[];
  readonly unread: ReadonlyMap<string, number>;
  readonly queued: number;
  readonly failedSends: number;
  readonly droppedFrames: number;
  readonly forged: number;
  readonly sealed: Pick<
    SealedRooms,
    "isPrivate" | "twoAt" | "wentOut" | "isRemoved" | "refusalOf"
  >;
  readonly talks: readonly TalkStatus[];
  /** Messages of agents who are not known here. */
  readonly requests: number;
  /** Messages of private rooms that can't be opened yet, by room. */
  readonly stuck: ReadonlyMap<string, number>;
  /** Of the mailbox. */
  readonly warnings: readonly string[];
  readonly wakes: WakeStatus;
}

/** All that is known of the session, for `agentnet status`. @param unread frames that could not be read */
export function sessionStatus(
  options: SessionOptions,
  parts: Parts,
  unread: number,
): Status {
  const { reconnect, outbox, checks, pushed, stored, waking, sealed, inbox } =
    parts;
  const unreadOf = stored.unread();
  return statusOf(options, {
    ...{ reconnect, rooms: stored.rooms.all(), unread: unreadOf },
    ...talksOf(parts, unreadOf),
    queued: outbox.queued,
    failedSends: outbox.failed,
    droppedFrames: unread + checks.malformed + pushed.dropped,
    forged: checks.forged + sealed.refused + inbox.refused,
    sealed,
    stuck: stored.sealedFrames.counts(),
    warnings: stored.warnings,
    wakes: waking.status,
  });
}

function statusOf(options: SessionOptions, parts: StatusParts): Status {
  const { settings } = options;
  const { reconnect } = parts;
  const { phase, reason, retryAt } = reconnect.state;
  const proof = options.proof?.();
  const skew = reconnect.connection?.clockSkewMs;
  return {
    ...{ state: phase, reason, connected: reconnect.isAlive },
    relay: settings.relayUrls.join(","),
    relay_features: [...reconnect.connection?.features ?? []],
    agent_id: settings.agentId,
    agent_name: settings.agentName,
    rooms: parts.rooms.map((room) => roomStatus(room, parts)),
    ...(parts.talks.length === 0 ? {} : { talks: parts.talks }),
    ...(parts.requests === 0 ? {} : { requests: parts.requests }),
    version: settings.version,
    pid: options.pid,
    held_by: options.heldBy,
    api: options.apiAddress(),
    started_at: options.startedAt,
    ...(reconnect.lastPongWall === undefined
      ? {}
      : { last_pong_at: reconnect.lastPongWall }),
    ...(skew === undefined ? {} : { clock_skew_ms: skew }),
    ...(retryAt === undefined ? {} : { retry_at: retryAt }),
    unread: [...parts.unread.values()].reduce((sum, count) => sum + count, 0),
    ...(proof === undefined ? {} : { proof }),
    queued: parts.queued,
    failed_sends: parts.failedSends,
    dropped_frames: parts.droppedFrames,
    forged: parts.forged,
    worker_restarts: options.workerRestarts,
    ...(options.workerRestartReason === undefined
      ? {}
      : { worker_restart_reason: options.workerRestartReason }),
    warnings: [
      ...options.warnings,
      ...parts.warnings,
      ...skewWarning(skew),
      ...twoWarning(parts.sealed),
      ...outWarnings(parts.sealed),
    ],
    wakes: { ...parts.wakes, ...targetsOf(options) },
  };
}

/** None while the mailbox can't be read, which is noted. */
function talksOf(
  { stored, talkViews, desk }: Parts,
  unread: ReadonlyMap<string, number>,
): Pick<StatusParts, "talks" | "requests"> {
  try {
    const requests = desk.all().requests.length;
    return { talks: talkViews.list(unread), requests };
  } catch (error) {
    stored.failed(Failure.from(error));
    return { talks: [], requests: 0 };
  }
}

function roomStatus(
  room: Room,
  { unread, sealed, stuck }: Pick<StatusParts, "unread" | "sealed" | "stuck">,
): RoomStatus {
  const { name, joined } = room;
  const reason = room.isSought
    ? `${room.reason}; it is looked for again`
    : room.reason;
  const shown = { name, state: stateOf(room), joined };
  const count = { unread: unread.get(name) ?? 0 };
  const waits = stuck.get(name);
  const refused = sealed.refusalOf(name);
  return {
    ...{ ...shown, ...count },
    ...(joined ? {} : { reason }),
    ...(sealed.isPrivate(name) ? { private: true } : {}),
    ...(waits === undefined ? {} : { sealed: waits }),
    ...(sealed.isRemoved(name) ? { removed: true } : {}),
    ...(refused === undefined ? {} : { refused }),
  };
}

function stateOf({ joined, ended, state }: Room): RoomState {
  if (joined) return "joined";
  return ended === undefined ? absenceOf(state).state : "ended";
}

function twoWarning({ twoAt }: StatusParts["sealed"]): string[] {
  return twoAt === undefined ? [] : [
    "two daemons use this key: what one of them says in private rooms the other does not know; end one of them",
  ];
}

function outWarnings({ wentOut }: StatusParts["sealed"]): string[] {
  return wentOut.map(({ room, agent }) =>
    `#${room}: ${agent} was let in by another admin and is out again: its invitation was used up, or the room is full; agentnet add ${room} KEY lets it in`
  );
}

function skewWarning(skewMs: number | undefined): string[] {
  if (skewMs === undefined || Math.abs(skewMs) <= SKEW_MS) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const side = skewMs > 0 ? "ahead of" : "behind";
  return [
    `this host's clock is ${seconds} s ${side} the relay's: every signed frame would be refused; set the clock`,
  ];
}

/** What brings wakes to other programs, as far as there is any. */
function targetsOf(
  { wakeTargets }: SessionOptions,
): Pick<WakeStatus, "targets"> {
  const targets = wakeTargets?.() ?? [];
  return targets.length === 0 ? {} : { targets };
}
