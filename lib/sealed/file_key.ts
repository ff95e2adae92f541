import {
  type AttachedFile,
  attachedFile,
  isSha256,
} from "../protocol/attached_file.ts";
import { isPartCount } from "./file_part.ts";
import { KEY_BYTES } from "./sizes.ts";
import { fromBase64 } from "./sealed_text.ts";

/** By what a sealed file is had from the relay and opened. */
export interface FileKey {
  /** SHA-256 of the sealed bytes, by which the relay has them; 64 hex digits. */
  readonly blob: string;
  /** 32 bytes that seal this file alone, base64url. */
  readonly key: string;
  /** In how many parts it came, where the relay keeps no files. */
  readonly parts?: number;
}

/** A file as a sealed head tells of it. */
export type SealedFile = AttachedFile & FileKey;

/** What a head, or a row of the mailbox, says of a sealed file; undefined for what can't be read. */
export function sealedFile(value: unknown): SealedFile | undefined {
  const file = attachedFile(value);
  if (file === undefined) return undefined;
  const { blob, key, parts } = value as Readonly<Record<string, unknown>>;
  if (!isSha256(blob) || typeof key !== "string") return undefined;
  return fromBase64(key)?.length === KEY_BYTES
    ? { ...file, blob, key, ...(isPartCount(parts) ? { parts } : {}) }
    : undefined;
}
