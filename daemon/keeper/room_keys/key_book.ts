import { fileTrouble } from "../../../lib/host/file_trouble.ts";
import {
  closeToOthers,
  type PrivateFiles,
  writeDurably,
} from "../../../lib/host/private_files.ts";
import { isRoomName, type RoomName } from "../../../lib/protocol/names.ts";
import { commitmentOf, SourceKey } from "../../../lib/sealed/derived_keys.ts";
import { fromBase64, toBase64 } from "../../../lib/sealed/sealed_text.ts";

/** One epoch's key. */
export interface KeptKey {
  readonly room: RoomName;
  readonly key: SourceKey;
}

/**
 * A key takes some 100 bytes of the file, which is written whole. Where it is full the room with the most keys loses its
 * oldest one, which its record brings back: no room takes the place of another.
 */
const MOST_KEYS = 5_000;
const KEY_BYTES = 32;
const VERSION = 1;

/**
 * The keys of epochs, by their commitments, in a file for its owner alone. One that was taken is on the disk before
 * anybody hears of it: what it opens is acknowledged afterwards.
 */
export class KeyBook {
  readonly #files: PrivateFiles;
  readonly #path: string;
  readonly #most: number;
  #keys: ReadonlyMap<string, KeptKey>;
  /** The last write. */
  #written: Promise<void> = Promise.resolve();

  private constructor(
    files: PrivateFiles,
    { path, most }: { readonly path: string; readonly most: number },
    keys: ReadonlyMap<string, KeptKey>,
  ) {
    this.#files = files;
    this.#path = path;
    this.#most = most;
    this.#keys = keys;
  }

  /**
   * Reads the file; a damaged one is put aside, since members and relay still have what it held.
   *
   * @throws {Failure} FILE_TROUBLE where it is there and can't be read
   */
  static async open(
    files: PrivateFiles,
    path: string,
    most = MOST_KEYS,
  ): Promise<KeyBook> {
    try {
      const text = await readOwn(files, path);
      const keys = text === null ? new Map() : await parseKeys(text);
      if (keys === null) await files.rename(path, `${path}.damaged`);
      return new KeyBook(files, { path, most }, keys ?? new Map());
    } catch (cause) {
      throw fileTrouble("use", { path, cause });
    }
  }

  get(kc: string): KeptKey | undefined {
    return this.#keys.get(kc);
  }

  /** Rejects with FILE_TROUBLE, and the key is not had then. @returns its commitment */
  async add(room: RoomName, key: Uint8Array): Promise<string> {
    const kc = (await commitmentOf(key)).toHex();
    const add = () => this.#add(kc, { room, key: new SourceKey(key) });
    // One after the other, whatever became of the one before.
    this.#written = this.#written.then(add, add);
    await this.#written;
    return kc;
  }

  async #add(kc: string, kept: KeptKey): Promise<void> {
    if (this.#keys.has(kc)) return;
    const keys = new Map([...this.#keys, [kc, kept]]);
    if (keys.size > this.#most) keys.delete(leastMissed(keys));
    try {
      const text = textOf(keys);
      await writeDurably(this.#files, { path: this.#path, text });
    } catch (cause) {
      throw fileTrouble("write", { path: this.#path, cause });
    }
    this.#keys = keys;
  }
}

/** The oldest key of the room that has the most. */
function leastMissed(keys: ReadonlyMap<string, KeptKey>): string {
  const ofRooms = [...Map.groupBy(keys, ([, { room }]) => room).values()];
  const most = ofRooms.reduce((a, b) => b.length > a.length ? b : a);
  return most[0]![0];
}

async function readOwn(
  files: PrivateFiles,
  path: string,
): Promise<string | null> {
  try {
    const facts = await files.facts(path);
    await closeToOthers(files, { path, facts });
    return await files.readText(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function textOf(keys: ReadonlyMap<string, KeptKey>): string {
  const list = [...keys.values()].map((
    { room, key },
  ) => [room, toBase64(key.bytes)]);
  return `${JSON.stringify({ version: VERSION, keys: list })}\n`;
}

/** Null for what {@link textOf} did not write. */
async function parseKeys(text: string): Promise<Map<string, KeptKey> | null> {
  const list = listOf(text);
  if (list === null) return null;
  const keys = new Map<string, KeptKey>();
  for (const [room, base64] of list) {
    const key = typeof base64 === "string" ? fromBase64(base64) : null;
    if (!isRoomName(room) || key?.length !== KEY_BYTES) return null;
    const kc = await commitmentOf(key);
    keys.set(kc.toHex(), { room, key: new SourceKey(key) });
  }
  return keys;
}

function listOf(text: string): unknown[][] | null {
  try {
    const { version, keys } = JSON.parse(text) as Record<string, unknown>;
    const isOne = version === VERSION && Array.isArray(keys) &&
      keys.every(Array.isArray);
    return isOne ? keys : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
