import { paddedLength } from "./padding.ts";
import { TAG_BYTES } from "./sizes.ts";

/** Bytes of a file in one chunk, but the last one, which has what is left. */
export const CHUNK_BYTES = 65_536;
/** The same once it is sealed. */
export const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

/** How long a file of so many bytes is once sealed. */
export function sealedLength(size: number): number {
  const length = paddedLength(size);
  return length + TAG_BYTES * Math.ceil(length / CHUNK_BYTES);
}

/** Whether a sealed file can have so many bytes. */
export function isSealedLength(bytes: number): boolean {
  const length = bytes - TAG_BYTES * Math.ceil(bytes / SEALED_CHUNK);
  return length > 0 && paddedLength(length) === length &&
    sealedLength(length) === bytes;
}
