import type { Room } from "./room.ts";
import { type Sign, signOf, WordSigns } from "./word_signs.ts";

/** Scripts without spaces give a word a character; all else runs of letters and digits. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}\p{M}]+/gu;
/** Words kept of one room, its name's first: bounds the index. */
const WORDS_OF_ROOM = 48;
/** Words looked at of one query. */
const WORDS_OF_QUERY = 8;

/** The words of a text, lowered, each once. */
export function wordsOf(text: string, most: number): string[] {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    words.add(word);
    if (words.size >= most) break;
  }
  return [...words];
}

/** A word that is sought. */
export interface SoughtWord {
  readonly text: string;
  readonly sign: Sign;
}

interface Indexed {
  readonly words: readonly string[];
  readonly signs: WordSigns;
}

/** Rooms by the words of name and topic, and by tag. A query's word is found where a word begins with it. */
export class RoomWords {
  readonly #words = new Map<Room, Indexed>();
  /** First two characters of a word → rooms that have such a word. */
  readonly #byStart = new Map<string, Set<Room>>();
  readonly #byTag = new Map<string, Set<Room>>();

  add(room: Room): void {
    const words = wordsOf(`${room.name} ${room.topic}`, WORDS_OF_ROOM);
    this.#words.set(room, { words, signs: new WordSigns(words) });
    for (const word of words) put(this.#byStart, startOf(word), room);
    for (const tag of room.tags) put(this.#byTag, tag, room);
  }

  remove(room: Room): void {
    for (const word of this.#words.get(room)?.words ?? []) {
      take(this.#byStart, startOf(word), room);
    }
    for (const tag of room.tags) take(this.#byTag, tag, room);
    this.#words.delete(room);
  }

  tagged(tag: string): ReadonlySet<Room> {
    return this.#byTag.get(tag) ?? NONE;
  }

  /** Rooms that may have the word; null when it is too short to tell. */
  mayHave({ text: word }: SoughtWord): ReadonlySet<Room> | null {
    if (word.length < 2) return null;
    return this.#byStart.get(startOf(word)) ?? NONE;
  }

  /** Whether each of the words begins one of the room's. */
  hasAll(room: Room, sought: readonly SoughtWord[]): boolean {
    if (sought.length === 0) return true;
    const indexed = this.#words.get(room);
    if (indexed === undefined) return false;
    const { words, signs } = indexed;
    return sought.every(({ sign }) => signs.mayBegin(sign)) &&
      sought.every(({ text }) => words.some((word) => word.startsWith(text)));
  }

  queryWords(q: string): SoughtWord[] {
    return wordsOf(q.normalize("NFC"), WORDS_OF_QUERY)
      .map((text) => ({ text, sign: signOf(text) }));
  }
}

const NONE: ReadonlySet<Room> = new Set();

function startOf(word: string): string {
  return word.slice(0, 2);
}

function put(map: Map<string, Set<Room>>, key: string, room: Room): void {
  const rooms = map.get(key);
  if (rooms === undefined) map.set(key, new Set([room]));
  else rooms.add(room);
}

function take(map: Map<string, Set<Room>>, key: string, room: Room): void {
  const rooms = map.get(key);
  rooms?.delete(room);
  if (rooms?.size === 0) map.delete(key);
}
