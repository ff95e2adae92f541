import { Failure } from "../../lib/errors.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import { fileTrouble } from "../../lib/host/file_trouble.ts";
import { folderOf } from "../../lib/host/paths.ts";
import {
  closeToOthers,
  type FileFacts,
  type PrivateFiles,
  removeIfThere,
  writeNew,
} from "../../lib/host/private_files.ts";

export interface KeyFileOptions {
  readonly path: string;
  readonly files: PrivateFiles;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** An identity that was read or made. */
export interface LoadedKey {
  readonly identity: Identity;
  readonly isNew: boolean;
  /** What the user should know, in words. */
  readonly warnings: readonly string[];
}

/** A key file has about 110 bytes. */
const MOST_BYTES = 4096;

/**
 * Reads the agent's key, or makes one. Only "not found" makes a new one: any other trouble is an error and the file
 * stays as it is. Whenever this is cut off, there is no key yet or a whole one. To be called under the data dir's lock.
 *
 * @throws {Failure} KEY_INVALID, FILE_TROUBLE.
 */
export async function loadOrMakeKey(
  options: KeyFileOptions,
): Promise<LoadedKey> {
  const { path } = options;
  try {
    const facts = await factsOf(options);
    if (facts !== null) return await readKey(options, facts);
    const made = await makeKey(options);
    if (made !== null) return { identity: made, isNew: true, warnings: [] };
    return await readKey(options, await options.files.facts(path));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw fileTrouble("use", { path, cause });
  }
}

async function factsOf(
  { files, path }: KeyFileOptions,
): Promise<FileFacts | null> {
  try {
    return await files.facts(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function readKey(
  { files, path }: KeyFileOptions,
  facts: FileFacts,
): Promise<LoadedKey> {
  if (!facts.isFile) {
    throw invalid(path, facts.isSymlink ? "it is a link" : "it is not a file");
  }
  if (facts.size > MOST_BYTES) throw invalid(path, "it is too large");
  const warnings = await closeToOthers(files, { path, facts });
  const read = await Identity.parseKeyFile(await files.readText(path));
  if (!read.ok) throw invalid(path, read.reason);
  return { identity: read.identity, isNew: false, warnings };
}

/** @returns null when another program made one first. */
async function makeKey(options: KeyFileOptions): Promise<Identity | null> {
  const { files, path, randomBytes } = options;
  const identity = await Identity.fromSeed(randomBytes(32));
  const temporary = `${path}.new`;
  // One that a start left behind when it was cut off; no identity yet.
  await removeIfThere(files, temporary);
  await writeNew(files, { path: temporary, text: identity.toKeyFile() });
  const isOurs = await give(files, { from: temporary, to: path });
  await removeIfThere(files, temporary);
  await files.syncFolder(folderOf(path));
  return isOurs ? identity : null;
}

/** Gives the file its name, never over one that is there; by rename where the file system knows no links. */
async function give(
  files: PrivateFiles,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<boolean> {
  try {
    await files.link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    try {
      await files.facts(to);
      return false;
    } catch (absent) {
      if (!(absent instanceof Deno.errors.NotFound)) throw absent;
    }
    await files.rename(from, to);
    return true;
  }
}

function invalid(path: string, reason: string): Failure {
  return new Failure("KEY_INVALID", { fields: { path, reason } });
}
