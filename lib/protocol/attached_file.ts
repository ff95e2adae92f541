import { cutToBytes } from "./names.ts";

/** Bounds of a file that goes with a message. */
export const FILE = {
  /** Largest file, in bytes: what a relay takes (lib/blobs/). */
  bytes: 16 * 2 ** 20,
  /** Longest name, in UTF-8 bytes. */
  nameBytes: 255,
} as const;

/** A file that goes with a message, as its author's signed field `file` says (protocol.md section 17). */
export interface AttachedFile {
  /** Harmless to show, and no path; as a name a claim of its author. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of its bytes, 64 hex digits. */
  readonly sha256: string;
  /** Until when the relay keeps it; milliseconds since 1970. */
  readonly until?: number;
}

const SHA256 = /^[0-9a-f]{64}$/;

/** What steers a terminal, hides from the eye, or is half a character. */
const STEERING =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A file's name as it may be told: the last part of a path, each character that is not for the eye as `_`, at most
 * {@link FILE.nameBytes}. Never empty, never `.` or `..`.
 */
export function harmlessName(path: string): string {
  const last = path.split(/[/\\]/).findLast((part) => part.trim() !== "") ?? "";
  const shown = cutToBytes(
    last.replaceAll(STEERING, "_").trim(),
    FILE.nameBytes,
  ).trim();
  return /^\.{0,2}$/.test(shown) ? "file" : shown;
}

/** What a message's field says; undefined for what can't be read: the text beside it is not lost for that. */
export function attachedFile(value: unknown): AttachedFile | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { name, size, sha256, until } = value as Record<string, unknown>;
  if (typeof name !== "string" || name.length > 4 * FILE.nameBytes) {
    return undefined;
  }
  if (!isCount(size) || size > FILE.bytes) return undefined;
  if (!isSha256(sha256)) return undefined;
  return {
    ...{ name: harmlessName(name), size, sha256 },
    ...(isCount(until) ? { until } : {}),
  };
}

/** Whether it is a SHA-256 in hex, as it is written here. */
export function isSha256(value: unknown): value is string {
  return typeof value === "string" && SHA256.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
