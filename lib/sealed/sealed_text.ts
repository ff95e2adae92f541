import { isRoomName, type RoomName } from "../protocol/names.ts";

/** What every sealed text begins with, up to its version. */
export const SEALED_PREFIX = "agentnet-e2e-1.";
/** The longest sealed text, in bytes: what a frame takes, less what else is in it. */
export const MOST_SEALED_BYTES = 65_000;

/**
 * message, epoch record, join request, request for a record, record again, receipt, that somebody leaves, part of a file, refusal of a
 * join request.
 */
const KINDS = ["m", "e", "j", "q", "r", "g", "l", "f", "n"] as const;
export type SealedKind = typeof KINDS[number];

/** What a text in a private room is. */
export type ReadSealed =
  | {
    readonly is: "sealed";
    readonly kind: SealedKind;
    readonly body: Uint8Array;
  }
  /** Of a newer program. */
  | { readonly is: "newer" }
  | { readonly is: "plain" | "malformed" };

const ROOM = /^p-[0-9a-f]{32}$/;
const FORM = /^agentnet-e2e-1\.([a-z]{1,8})\.([\w-]+)$/;

/** Whether a room's name on the wire is that of a private one: only sealed text is said there. */
export function isPrivateWire(name: string): name is RoomName {
  return ROOM.test(name);
}

/** The name of a private room by its 16 bytes. */
export function privateWire(bytes: Uint8Array): RoomName {
  const name = `p-${bytes.toHex()}`;
  if (isPrivateWire(name) && isRoomName(name)) return name;
  throw new RangeError("a private room's name has 16 bytes");
}

export function writeSealed(kind: SealedKind, body: Uint8Array): string {
  return `${SEALED_PREFIX}${kind}.${toBase64(body)}`;
}

/** How long {@link writeSealed} writes so many bytes. */
export function sealedLength(kind: SealedKind, bytes: number): number {
  return SEALED_PREFIX.length + kind.length + 1 + Math.ceil(bytes * 4 / 3);
}

/** Reads a text of a private room, in just the one form in which {@link writeSealed} writes it. */
export function readSealed(text: string): ReadSealed {
  if (!text.startsWith("agentnet-e2e-")) return { is: "plain" };
  if (!text.startsWith(SEALED_PREFIX)) return { is: "newer" };
  if (text.length > MOST_SEALED_BYTES) return { is: "malformed" };
  const [, kind, base64 = ""] = FORM.exec(text) ?? [];
  if (kind === undefined) return { is: "malformed" };
  if (!isKind(kind)) return { is: "newer" };
  const body = fromBase64(base64);
  return body === null ? { is: "malformed" } : { is: "sealed", kind, body };
}

function isKind(kind: string): kind is SealedKind {
  return (KINDS as readonly string[]).includes(kind);
}

/** base64url without padding. */
export function toBase64(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Null for what {@link toBase64} would not write so. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
  return toBase64(bytes) === text ? bytes : null;
}
