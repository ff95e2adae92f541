/** A part of a file as text. */
export interface FilePart {
  readonly text: string;
  /** Where in the file it begins, in bytes. */
  readonly from: number;
  /** Whether the file is text; else these are the readable runs in it. */
  readonly isText: boolean;
}

const WINDOW = 64 * 1024;
/** What stands across two windows is seen whole in one of them. */
const OVERLAP = 4 * 1024;
/** Shorter runs of characters in a file that is no text say nothing. */
const RUN = /[\x20-\x7e\t\r\n]{20,}/g;
/** The same in UTF-16 and UTF-32, of either order. */
const WIDE_RUN = /(?:[\x20-\x7e\t\r\n]\0{1,3}){20,}/g;

/** Reads a file that comes in pieces as texts that overlap, for what looks at texts. */
export class FileTexts {
  #kept: Uint8Array = new Uint8Array();
  #from = 0;
  #reads: ((bytes: Uint8Array) => Omit<FilePart, "from">) | undefined;

  push(piece: Uint8Array): FilePart[] {
    const bytes = new Uint8Array(this.#kept.length + piece.length);
    bytes.set(this.#kept);
    bytes.set(piece, this.#kept.length);
    this.#kept = bytes;
    const parts: FilePart[] = [];
    while (this.#kept.length > WINDOW) {
      parts.push(this.#part(this.#kept.subarray(0, WINDOW)));
      this.#kept = this.#kept.subarray(WINDOW - OVERLAP);
      this.#from += WINDOW - OVERLAP;
    }
    return parts;
  }

  end(): FilePart[] {
    return this.#kept.length === 0 ? [] : [this.#part(this.#kept)];
  }

  #part(bytes: Uint8Array): FilePart {
    this.#reads ??= readerOf(bytes);
    return { ...this.#reads(bytes), from: this.#from };
  }
}

/** By the first bytes: UTF-16 by its mark, no text where a NUL is, else text of whatever encoding. */
function readerOf(
  [first = 0, second = 0, ...rest]: Uint8Array,
): (bytes: Uint8Array) => Omit<FilePart, "from"> {
  const utf16 = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : null;
  if (utf16 !== null) {
    const decoder = new TextDecoder(utf16);
    return (bytes) => ({ text: decoder.decode(bytes), isText: true });
  }
  const isText = first !== 0 && second !== 0 && !rest.includes(0);
  return isText
    ? (bytes) => ({ text: new TextDecoder().decode(bytes), isText })
    : (bytes) => ({ text: runsIn(bytes), isText });
}

function runsIn(bytes: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(bytes);
  const runs = [...text.matchAll(RUN)].map(([run]) => run);
  const wide = [...text.matchAll(WIDE_RUN)]
    .map(([run]) => run.replaceAll("\0", ""));
  return [...runs, ...wide].join("\n");
}
