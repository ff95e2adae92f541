import { defined } from "../../../lib/defined.ts";
import type { BlobQuotas } from "../../store/blob_contract.ts";
import type { StoreAnswer } from "../../store/contract.ts";

/** Why not: a code of the error table with what its words need. */
export interface BlobRefusal {
  readonly kind: "refused";
  readonly code:
    | "BLOB_OFF"
    | "BLOB_TOKEN"
    | "BLOB_REFUSED"
    | "BLOB_TOO_BIG"
    | "BLOB_QUOTA"
    | "BLOB_BUSY"
    | "BLOB_NOT_FOUND"
    | "BLOB_STORAGE"
    | "RATE_LIMITED";
  readonly fields?: Readonly<Record<string, string | number>>;
  readonly retryAfterMs?: number;
}

export type BlobReply =
  | { readonly kind: "reserved"; readonly id: string }
  | { readonly kind: "found"; readonly id: string; readonly until: number }
  | { readonly kind: "kept"; readonly until: number }
  | BlobRefusal;

const STORAGE_WAIT_MS = 10_000;

/** Whose quota is full, in words. */
const FULL: Readonly<Record<keyof BlobQuotas, string>> = {
  agentBytes: "this agent's files take up as much as they may",
  scopeBytes: "the room's files take up as much as they may",
  addressBytes: "the files from this address take up as much as they may",
  totalBytes: "all files together take up as much as they may",
};

/** What became of a place. */
export function reservedReply(id: string, answer: StoreAnswer): BlobReply {
  if (answer.kind === "stored") return { kind: "reserved", id };
  if (answer.kind !== "failed" || answer.why === "storage") return storage();
  if (answer.why === "no_room") {
    return refused("BLOB_REFUSED", { reason: "there is no such room" });
  }
  const reason = FULL[answer.reason as keyof BlobQuotas] ?? answer.reason;
  return refused("BLOB_QUOTA", { reason });
}

/** What became of a file that came in. */
export function keptReply(answer: StoreAnswer): BlobReply {
  return answer.kind === "stored" && answer.until !== undefined
    ? { kind: "kept", until: answer.until }
    : storage();
}

/** Where a file is. */
export function foundReply(answer: StoreAnswer): BlobReply {
  if (answer.kind !== "blob") return storage();
  return answer.blob === null
    ? refused("BLOB_NOT_FOUND")
    : { kind: "found", ...answer.blob };
}

function storage(): BlobRefusal {
  return refused("BLOB_STORAGE", {}, STORAGE_WAIT_MS);
}

/** Why a claim is nothing to this relay. */
export function token(reason: string): BlobRefusal {
  return refused("BLOB_TOKEN", { reason });
}

/** A refusal as plain data. */
export function refused(
  code: BlobRefusal["code"],
  fields: NonNullable<BlobRefusal["fields"]> = {},
  retryAfterMs?: number,
): BlobRefusal {
  return { kind: "refused", code, fields, ...defined({ retryAfterMs }) };
}
