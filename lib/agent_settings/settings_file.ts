import { defined } from "../defined.ts";
import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import { type Exclusively, exclusively } from "../host/exclusively.ts";
import { fileTrouble } from "../host/file_trouble.ts";
import {
  closeToOthers,
  diskFiles,
  type FileFacts,
  type PrivateFiles,
  removeIfThere,
  writeDurably,
} from "../host/private_files.ts";
import {
  type AgentSettings,
  type KeptSettings,
  parseSettings,
  settingsText,
} from "./settings_text.ts";

/** What was read of a data dir's settings. */
export interface RememberedSettings extends KeptSettings {
  /** What the user should know, in words. */
  readonly warnings: readonly string[];
}

/** Where settings are changed. */
export interface SettingsStore {
  readonly files: PrivateFiles;
  /** Two starts at once would leave the settings of one beside the shell's copy of the other's. */
  readonly exclusively: Exclusively;
}

/** This host's disk. */
export const diskSettings = (clock: Clock): SettingsStore => ({
  files: diskFiles,
  exclusively: exclusively(clock),
});

/** Others may have written it: mode bits of group and others. */
const WRITABLE = 0o022;
const MOST_BYTES = 64 * 1024;

const NOTHING: RememberedSettings = {
  settings: {},
  unknown: {},
  warnings: [],
};

const settingsPath = (dir: string) => `${dir}/settings.json`;
/** The relay alone, on one line: what a shell reads, to narrow the network to it (scripts/rights.sh). */
const relayPath = (dir: string) => `${dir}/relay.url`;
const lockPath = (dir: string) => `${dir}/settings.lock`;

/**
 * Reads what a data dir remembers; nothing where there is no such file. A link, another user's file, and one that
 * others could have written is refused and stays as it is; one that others can read is closed.
 *
 * @throws {Failure} SETTINGS_INVALID, FILE_TROUBLE.
 */
export async function readSettings(
  files: PrivateFiles,
  dir: string,
): Promise<RememberedSettings> {
  const path = settingsPath(dir);
  try {
    const facts = await files.facts(path);
    const reason = refusal(facts, await files.facts(dir));
    if (reason !== null) throw invalid(path, reason);
    const warnings = await closeToOthers(files, { path, facts });
    const parsed = parseSettings(await files.readText(path));
    if (!parsed.ok) throw invalid(path, parsed.reason);
    const { kept } = parsed;
    return { ...kept, warnings: [...warnings, ...unknownKeys(path, kept)] };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return NOTHING;
    // The data dir's place is taken by a file: whoever makes the folder says so.
    if (cause instanceof Deno.errors.NotADirectory) return NOTHING;
    if (cause instanceof Failure) throw cause;
    throw fileTrouble("read", { path, cause });
  }
}

/**
 * What a start reads: the same, with the shell's copy of the relay made right where somebody wrote the settings by
 * hand. The start that finds it wrong was given the network of the wrong one.
 *
 * @throws {Failure} SETTINGS_INVALID, FILE_TROUBLE.
 */
export async function settingsForStart(
  store: SettingsStore,
  dir: string,
): Promise<RememberedSettings> {
  const read = await readSettings(store.files, dir);
  if (read.settings.relay !== undefined) await rememberSettings(store, dir, {});
  return read;
}

/**
 * Remembers these settings beside those that are there. A kill in between leaves the shell's copy of the relay missing,
 * never another one than the settings name.
 *
 * @param dir is there, and ours.
 * @throws {Failure} SETTINGS_INVALID, FILE_TROUBLE.
 */
export function rememberSettings(
  { files, exclusively }: SettingsStore,
  dir: string,
  change: AgentSettings,
): Promise<AgentSettings> {
  return exclusively(lockPath(dir), () => writeChange(files, dir, change));
}

async function writeChange(
  files: PrivateFiles,
  dir: string,
  change: AgentSettings,
): Promise<AgentSettings> {
  const { settings: before, unknown } = await readSettings(files, dir);
  const settings = { ...before, ...defined(change) };
  const path = settingsPath(dir);
  const text = settingsText({ settings, unknown });
  const line = settings.relay === undefined ? null : `${settings.relay}\n`;
  try {
    const isWritten = text === settingsText({ settings: before, unknown });
    const isCopied = await contentOf(files, relayPath(dir)) === line;
    if (isWritten && isCopied) return settings;
    await removeIfThere(files, relayPath(dir));
    if (!isWritten) await write(files, path, text);
    if (line !== null) await write(files, relayPath(dir), line);
  } catch (cause) {
    throw fileTrouble("write", { path, cause });
  }
  return settings;
}

/** In a place of its own: what a killed start left behind is in nobody's way. */
function write(
  files: PrivateFiles,
  path: string,
  text: string,
): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID().slice(0, 8)}.new`;
  return writeDurably(files, { path, text, temporary });
}

/** The text of a file, or null where there is none. */
async function contentOf(
  files: PrivateFiles,
  path: string,
): Promise<string | null> {
  try {
    return await files.readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Why a file of settings is not read, or null. */
function refusal(file: FileFacts, dir: FileFacts): string | null {
  if (!file.isFile) return file.isSymlink ? "it is a link" : "it is not a file";
  if (file.size > MOST_BYTES) return "it is too large";
  if (file.uid !== dir.uid) return "it is another user's";
  const { mode } = file;
  return mode !== null && (mode & WRITABLE) !== 0
    ? "others could have written it"
    : null;
}

function invalid(path: string, reason: string): Failure {
  return new Failure("SETTINGS_INVALID", { fields: { path, reason } });
}

function unknownKeys(path: string, { unknown }: KeptSettings): string[] {
  const keys = Object.keys(unknown);
  if (keys.length === 0) return [];
  const named = JSON.stringify(keys.slice(0, 8));
  return [`${path} has keys that this version does not know: ${named}`];
}
