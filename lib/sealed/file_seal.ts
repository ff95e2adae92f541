import { createCipheriv, createDecipheriv } from "node:crypto";
import { bigEndian, joined } from "../protocol/byte_layout.ts";
import { CHUNK_BYTES, SEALED_CHUNK } from "./file_length.ts";
import { paddedLength } from "./padding.ts";
import { KEY_BYTES, TAG_BYTES } from "./sizes.ts";
import { label } from "./labelled_bytes.ts";

const CIPHER = "chacha20-poly1305";
const AAD = label("file");

/**
 * Seals a file, piece by piece (protocol.md section 17): zeros up to Padmé's length, in chunks each with a number and
 * a mark on the last one, so that none can be left out, put elsewhere or taken for the end.
 */
export class FileSealer {
  readonly #key: Uint8Array;
  readonly #size: number;
  readonly #chunks: Chunks;
  #taken = 0;
  #n = 0;

  /** @param key 32 bytes that seal nothing else; @param size of the whole file */
  constructor(key: Uint8Array, size: number) {
    this.#key = checkedKey(key);
    this.#size = size;
    this.#chunks = new Chunks(CHUNK_BYTES);
  }

  /** @returns what is whole now. @throws {RangeError} past the size. */
  push(bytes: Uint8Array): Uint8Array[] {
    this.#taken += bytes.length;
    if (this.#taken > this.#size) throw new RangeError("it is longer");
    return this.#chunks.push(bytes).map((chunk) => this.#seal(chunk, false));
  }

  /** @returns the rest. @throws {RangeError} where not all of the size came. */
  end(): Uint8Array[] {
    if (this.#taken !== this.#size) throw new RangeError("it is shorter");
    const padding = new Uint8Array(paddedLength(this.#size) - this.#size);
    const whole = this.#chunks.push(padding);
    return [
      ...whole.map((chunk) => this.#seal(chunk, false)),
      this.#seal(this.#chunks.rest(), true),
    ];
  }

  #seal(chunk: Uint8Array, isLast: boolean): Uint8Array {
    const nonce = chunkNonce(this.#n++, isLast);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(AAD, { plaintextLength: chunk.length });
    return joined(cipher.update(chunk), cipher.final(), cipher.getAuthTag());
  }
}

/** Opens what {@link FileSealer} sealed. Each method gives null where it is not just that. */
export class FileOpener {
  readonly #key: Uint8Array;
  readonly #chunks = new Chunks(SEALED_CHUNK);
  #left: number;
  #padding: number;
  #n = 0;

  constructor(key: Uint8Array, size: number) {
    this.#key = checkedKey(key);
    this.#left = size;
    this.#padding = paddedLength(size) - size;
  }

  push(bytes: Uint8Array): Uint8Array[] | null {
    return this.#openAll(this.#chunks.push(bytes), false);
  }

  /** The end of the file; null where more or less came than was sealed. */
  end(): Uint8Array[] | null {
    const opened = this.#openAll([this.#chunks.rest()], true);
    return this.#left === 0 && this.#padding === 0 ? opened : null;
  }

  #openAll(
    chunks: readonly Uint8Array[],
    isLast: boolean,
  ): Uint8Array[] | null {
    const opened: Uint8Array[] = [];
    for (const chunk of chunks) {
      const one = this.#open(chunk, isLast);
      if (one === null) return null;
      opened.push(one);
    }
    return opened;
  }

  #open(chunk: Uint8Array, isLast: boolean): Uint8Array | null {
    if (chunk.length < TAG_BYTES) return null;
    const sealed = chunk.subarray(0, -TAG_BYTES);
    const nonce = chunkNonce(this.#n++, isLast);
    const cipher = createDecipheriv(CIPHER, this.#key, nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(AAD, { plaintextLength: sealed.length });
    cipher.setAuthTag(chunk.subarray(-TAG_BYTES));
    const opened = cipher.update(sealed);
    try {
      cipher.final();
    } catch (error) {
      if (error instanceof Error) return null;
      throw error;
    }
    return this.#unpadded(opened);
  }

  /** Without the zeros behind the file. */
  #unpadded(opened: Uint8Array): Uint8Array | null {
    const file = opened.subarray(0, this.#left);
    const zeros = opened.subarray(file.length);
    this.#left -= file.length;
    this.#padding -= zeros.length;
    const isPadding = this.#padding >= 0 && zeros.every((byte) => byte === 0);
    return isPadding ? file : null;
  }
}

/** Pieces of any length as ones of the same; the last is not given out before there is more behind it. */
class Chunks {
  readonly #bytes: number;
  #kept: Uint8Array;
  #size = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
    this.#kept = new Uint8Array(bytes);
  }

  push(bytes: Uint8Array): Uint8Array[] {
    const whole: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      if (this.#size === this.#bytes) {
        whole.push(this.#kept);
        this.#kept = new Uint8Array(this.#bytes);
        this.#size = 0;
      }
      const piece = bytes.subarray(at, at + this.#bytes - this.#size);
      this.#kept.set(piece, this.#size);
      this.#size += piece.length;
      at += piece.length;
    }
    return whole;
  }

  rest(): Uint8Array {
    return this.#kept.subarray(0, this.#size);
  }
}

/** 00 × 7 ‖ number[4] ‖ 01 of the last one, else 00. */
function chunkNonce(n: number, isLast: boolean): Uint8Array {
  return joined(
    new Uint8Array(7),
    bigEndian(n, 4),
    Uint8Array.of(isLast ? 1 : 0),
  );
}

function checkedKey(key: Uint8Array): Uint8Array {
  if (key.length === KEY_BYTES) return key;
  throw new RangeError("a file's key has 32 bytes");
}
