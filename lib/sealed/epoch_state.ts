import { isAgentId } from "../protocol/agent_id.ts";
import { isRoomName, type RoomName } from "../protocol/names.ts";
import { isWhole, jsonObject } from "./head.ts";
import { fromBase64, toBase64 } from "./sealed_text.ts";

/** An invitation that is open: whoever proves that he has its secret is let in. */
export interface OpenInvite {
  /** Its public key, base58. */
  readonly pub: string;
  /** The admin who invited. */
  readonly by: string;
  /** Its last moment, in milliseconds since 1970. */
  readonly until: number;
  /** For how many agents it still is. */
  readonly uses: number;
}

/** The key of a parent, sealed under that of its child. */
export interface BackKey {
  readonly kc: Uint8Array;
  readonly sealed: Uint8Array;
}

/** What a room is from one epoch to the next. */
export interface EpochState {
  /** What its members call it. */
  readonly title: RoomName;
  readonly topic?: string;
  /** When it was made, by its author's clock; milliseconds since 1970. */
  readonly at?: number;
  /** Agent ids, each once. */
  readonly members: readonly string[];
  /** Those of them who may change it, highest rank first. */
  readonly admins: readonly string[];
  readonly invites: readonly OpenInvite[];
  /** Who came in with this epoch by an invitation, by its key: where two admins let in by the same one, who goes again. */
  readonly joined?: readonly Joined[];
  /** One a parent; none in a room whose past is not shown to who comes. */
  readonly back?: readonly BackKey[];
}

/** A member, and the key of the invitation by which it came. */
export type Joined = readonly [member: string, pub: string];

const MOST_TOPIC = 1_024;
/** Invitations that are open at once. */
export const MOST_INVITES = 32;
/** Members that one epoch lets in. */
export const MOST_JOINED = 32;
const MOST_USES = 1_000;
const BACK_BYTES = 48;

export function writeState(state: EpochState): Uint8Array {
  const { back, ...rest } = state;
  const told = back?.map(({ kc, sealed }) => [toBase64(kc), toBase64(sealed)]);
  const json = JSON.stringify(
    told === undefined ? rest : { ...rest, back: told },
  );
  return new TextEncoder().encode(json);
}

/** Reads a state; null for one that breaks a rule. What a newer program adds is passed over. */
export function parseState(bytes: Uint8Array): EpochState | null {
  const value = jsonObject(bytes) ?? {};
  const { title, topic, at, members, admins, invites, joined, back } = value;
  if (!isRoomName(title) || !isMembers(members) || !isMembers(admins)) {
    return null;
  }
  if (!admins.every((admin) => members.includes(admin))) return null;
  const open = listOf(invites, parseInvite);
  if (open === null || open.length > MOST_INVITES) return null;
  const backKeys = back === undefined ? undefined : listOf(back, parseBack);
  if (backKeys === null) return null;
  const came = joined === undefined ? [] : listOf(joined, parseJoined);
  if (came === null || came.length > MOST_JOINED) return null;
  const isTopic = typeof topic === "string" && topic.length <= MOST_TOPIC &&
    topic.isWellFormed();
  return {
    ...{ title, members, admins, invites: open },
    ...(isTopic ? { topic } : {}),
    ...(isWhole(at) ? { at } : {}),
    ...(came.length === 0 ? {} : { joined: came }),
    ...(backKeys === undefined ? {} : { back: backKeys }),
  };
}

function isMembers(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 &&
    new Set(value).size === value.length &&
    value.every(isAgentText);
}

function listOf<Item>(
  value: unknown,
  parse: (item: unknown) => Item | null,
): Item[] | null {
  if (!Array.isArray(value)) return null;
  const items = value.map(parse).filter((item) => item !== null);
  return items.length === value.length ? items : null;
}

function parseInvite(value: unknown): OpenInvite | null {
  if (typeof value !== "object" || value === null) return null;
  const { pub, by, until, uses } = value as Record<string, unknown>;
  const isOne = isAgentText(pub) && isAgentText(by) && isWhole(until) &&
    isWhole(uses) && uses >= 1 && uses <= MOST_USES;
  return isOne ? { pub, by, until, uses } : null;
}

function parseJoined(value: unknown): Joined | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [member, pub] = value;
  return isAgentText(member) && isAgentText(pub) ? [member, pub] : null;
}

function isAgentText(value: unknown): value is string {
  return typeof value === "string" && isAgentId(value);
}

function parseBack(value: unknown): BackKey | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [kc, sealed] = value.map((text: unknown) =>
    typeof text === "string" ? fromBase64(text) : null
  );
  if (kc?.length !== 32 || sealed?.length !== BACK_BYTES) return null;
  return { kc, sealed };
}
