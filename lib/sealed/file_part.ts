import { bigEndian, ByteReader, joined } from "../protocol/byte_layout.ts";
import { sealedLength } from "./file_length.ts";
import { KEY_BYTES } from "./sizes.ts";
import { SEALED_PREFIX } from "./sealed_text.ts";

/** A piece of a sealed file, where a relay keeps none (protocol.md section 17, kind f). */
export interface FilePart {
  /** SHA-256 of the whole sealed file; 64 hex digits. */
  readonly blob: string;
  /** From 0 on. */
  readonly index: number;
  /** How many parts there are. */
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Bounds of a file that goes in parts. */
export const PARTS = {
  /** Largest file, in bytes. */
  fileBytes: 2 ** 20,
  /** Bytes of each part but the last, which has what is left: what a frame takes. */
  bytes: 48_000,
} as const;

const VERSION = 1;
const MOST_PARTS = partCount(PARTS.fileBytes);

/** In how many parts a file of so many bytes goes, once it is sealed. */
export function partCount(size: number): number {
  return Math.ceil(sealedLength(size) / PARTS.bytes);
}

/** Whether a file can go in so many parts. */
export function isPartCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 &&
    (value as number) <= MOST_PARTS;
}

/** Whether a sealed text is part of a file. */
export function isFilePart(text: string): boolean {
  return text.startsWith(`${SEALED_PREFIX}f.`);
}

/** The body of kind f. */
export function writeFilePart(
  { blob, index, count, bytes }: FilePart,
): Uint8Array {
  return joined(
    Uint8Array.of(VERSION),
    Uint8Array.fromHex(blob),
    bigEndian(index, 2),
    bigEndian(count, 2),
    bytes,
  );
}

/** Reads what {@link writeFilePart} wrote; null for what is none. Total: never throws. */
export function readFilePart(body: Uint8Array): FilePart | null {
  const reader = new ByteReader(body);
  const version = reader.number(1);
  const blob = reader.take(KEY_BYTES).toHex();
  const index = reader.number(2);
  const count = reader.number(2);
  const bytes = reader.rest();
  if (!reader.isDone || version !== VERSION || !isPartCount(count)) return null;
  const isLast = index === count - 1;
  const isWhole = isLast
    ? bytes.length > 0 && bytes.length <= PARTS.bytes
    : bytes.length === PARTS.bytes;
  return index < count && isWhole ? { blob, index, count, bytes } : null;
}

/** Cuts a sealed file, piece by piece, into what its parts hold. */
export class PartCutter {
  #left: Uint8Array = new Uint8Array();

  /** @returns what is whole now */
  push(piece: Uint8Array): Uint8Array[] {
    this.#left = joined(this.#left, piece);
    const whole: Uint8Array[] = [];
    while (this.#left.length >= PARTS.bytes) {
      whole.push(this.#left.slice(0, PARTS.bytes));
      this.#left = this.#left.slice(PARTS.bytes);
    }
    return whole;
  }

  /** @returns what is left behind the whole ones, if anything is */
  end(): Uint8Array[] {
    return this.#left.length > 0 ? [this.#left] : [];
  }
}
