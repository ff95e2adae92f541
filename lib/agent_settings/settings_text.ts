import { parseRelayList } from "../client/relay_list.ts";
import { defined } from "../defined.ts";
import { Failure } from "../errors.ts";
import { WAKE_POLICIES, type WakePolicy } from "../local_api/wake_policy.ts";
import { WIRE } from "../protocol/limits.ts";
import { isRoomName, utf8Bytes } from "../protocol/names.ts";
import { findRefused } from "../text_rules/characters.ts";
import { parseWakeTargets, type WakeTarget } from "./wake_target.ts";

/** What an agent is started with where neither flag nor variable says otherwise. */
export interface AgentSettings {
  /** The relay as it is dialled; several addresses are parted by commas. */
  readonly relay?: string;
  /** The name shown to others. */
  readonly name?: string;
  /** The line by which another host gets this program, as the operator wrote it. */
  readonly install?: string;
  /** Whose messages wake this agent's model. */
  readonly wake?: WakePolicy;
  /** The same for some rooms, by name. */
  readonly wake_rooms?: Readonly<Record<string, WakePolicy>>;
  /** Agent programs on this host that the daemon posts wakes to. */
  readonly wake_targets?: readonly WakeTarget[];
}

/** Settings as they stand in a file. */
export interface KeptSettings {
  readonly settings: AgentSettings;
  /** Keys that this version does not know, with their values: a newer one may. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** Either settings, or what is wrong with the text; the reason names a key and repeats no value. */
export type ParsedSettings =
  | { readonly ok: true; readonly kept: KeptSettings }
  | { readonly ok: false; readonly reason: string };

/** The longest install line, in UTF-16 units. */
const LONGEST_INSTALL = 300;

/** Rooms that may have a choice of their own. */
const MOST_ROOMS = 200;

type Readers = {
  readonly [Key in keyof AgentSettings]-?: (
    value: unknown,
  ) => AgentSettings[Key] | null;
};

const ofText =
  <Value>(read: (text: string) => Value | null) => (value: unknown) =>
    typeof value === "string" ? read(value) : null;

/** A reader for each setting: the value as it is used, or null for one that can't be. */
const READERS: Readers = {
  relay: ofText((text) => {
    try {
      return parseRelayList(text).href;
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  }),
  name: ofText((text) =>
    isLabel(text) && utf8Bytes(text) <= WIRE.displayName ? text : null
  ),
  install: ofText((text) => isInstallLine(text) ? text : null),
  wake: ofText(wakePolicy),
  wake_rooms: (value) => {
    const rows = rowsOf(value).map(([room, policy]) =>
      [room, isRoomName(room) ? wakePolicy(`${policy}`) : null] as const
    );
    const sound = rows.flatMap(([room, policy]) =>
      policy === null ? [] : [[room, policy] as const]
    );
    const isSound = isObject(value) && sound.length === rows.length &&
      rows.length <= MOST_ROOMS;
    return isSound ? Object.fromEntries(sound) : null;
  },
  wake_targets: parseWakeTargets,
};

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const rowsOf = (value: unknown) => isObject(value) ? Object.entries(value) : [];

function wakePolicy(text: string): WakePolicy | null {
  return WAKE_POLICIES.find((policy) => policy === text) ?? null;
}

/**
 * Reads the text of a settings file: an object of JSON. A key that is not known is kept for who knows it; a known one
 * with a value that can't be used is an error, since whoever wrote it meant something else than the default.
 */
export function parseSettings(text: string): ParsedSettings {
  const value = jsonOf(text);
  if (!isObject(value)) {
    return { ok: false, reason: "it is not an object of JSON" };
  }
  const unknown: Record<string, unknown> = Object.create(null);
  const known: Partial<Record<keyof AgentSettings, unknown>> = {};
  for (const [key, one] of Object.entries(value)) {
    if (!isKnown(key)) {
      unknown[key] = one;
      continue;
    }
    const read = READERS[key](one);
    if (read === null) return { ok: false, reason: `"${key}" can't be used` };
    known[key] = read;
  }
  return { ok: true, kept: { settings: known as AgentSettings, unknown } };
}

/** The text of a settings file. */
export function settingsText({ settings, unknown }: KeptSettings): string {
  const all = { ...defined(settings), ...unknown };
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** The npm name without a scope, as a word of its own: for whichever program brings packages, and however it is quoted. */
const BARE_NAME =
  /(?:^|[\s=:,;&|()<>{}$`!]|\s-\w)agentnet(?:@|\/?(?:$|[\s,;&|()<>{}$`]))/i;

/**
 * Whether a line may be shown as the way to get this program. One that has `agentnet` as a word is refused: programs
 * that bring packages would take somebody else's. A file is named by a path, `./agentnet`, a package by its scope.
 */
export function isInstallLine(text: string): boolean {
  return isLabel(text) && text.length <= LONGEST_INSTALL &&
    !BARE_NAME.test(text.replace(/["'\\]/g, ""));
}

/** One line without controls, direction marks or spaces at its ends. */
function isLabel(text: string): boolean {
  return text !== "" && text === text.trim() && findRefused(text) === null;
}

function isKnown(key: string): key is keyof AgentSettings {
  return Object.hasOwn(READERS, key);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
