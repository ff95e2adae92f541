import type { OwnBlobClaim } from "../../lib/blobs/blob_token.ts";
import type { FailureJson } from "../../lib/errors.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { isRoomName } from "../../lib/protocol/names.ts";
import {
  cutText as cut,
  isCount as isId,
  isWords as isObject,
  parseLogWords,
  type Words as Fields,
} from "../../lib/worker_words.ts";
import type { SealedInvitation } from "../../lib/invites/invite_text.ts";
import type { KeyQuestion } from "../../lib/sealed/key_questions.ts";
import { isPrivateWire } from "../../lib/sealed/sealed_text.ts";
import type { FromSessionWorker } from "../worker/keeper_messages.ts";

/** A reader for each type: a new one is a compile error until it stands here. */
const READERS: {
  readonly [Type in FromSessionWorker["type"]]: (
    data: Fields,
  ) => Extract<FromSessionWorker, { readonly type: Type }> | null;
} = {
  log: parseLogWords,
  sign: ({ id, frame }) =>
    isId(id) ? { type: "sign", id, frame: frame as RawObject } : null,
  invite({ id, room, until, sealed }) {
    if (!isId(id) || !isRoomName(room) || !isId(until)) return null;
    if (sealed === undefined) return { type: "invite", id, room, until };
    const how = parseSealed(sealed);
    return how === null
      ? null
      : { type: "invite", id, room, until, sealed: how };
  },
  // What is asked is read where it is answered.
  keys: ({ id, question }) =>
    isId(id) ? { type: "keys", id, question: question as KeyQuestion } : null,
  attest: ({ id, chain, count }) =>
    isId(id) && typeof chain === "string" && isId(count)
      ? { type: "attest", id, chain, count }
      : null,
  // What is claimed is read where it is signed.
  blob: ({ id, claim }) =>
    isId(id) ? { type: "blob", id, claim: claim as OwnBlobClaim } : null,
  borrow_solvers: ({ id }) => isId(id) ? { type: "borrow_solvers", id } : null,
  return_solvers: () => ({ type: "return_solvers" }),
  stop_wanted: () => ({ type: "stop_wanted" }),
  handover_wanted: () => ({ type: "handover_wanted" }),
  listening: ({ port }) =>
    isId(port) && port <= 65_535 ? { type: "listening", port } : null,
  not_listening: ({ reason, isInUse }) => ({
    type: "not_listening",
    reason: cut(reason),
    isInUse: isInUse === true,
  }),
  not_started: ({ failure }) =>
    isObject(failure)
      ? { type: "not_started", failure: parseFailure(failure) }
      : null,
};

/**
 * Reads what the session worker says. It touches what strangers send, so it is not believed: whoever has taken it
 * over must not bring the keeper down.
 *
 * @returns null for what is no message of ours.
 */
export function parseWorkerMessage(data: unknown): FromSessionWorker | null {
  if (!isObject(data) || !isType(data.type)) return null;
  return READERS[data.type](data);
}

function isType(type: unknown): type is FromSessionWorker["type"] {
  return typeof type === "string" && Object.hasOwn(READERS, type);
}

function parseSealed(words: unknown): SealedInvitation | null {
  if (!isObject(words)) return null;
  const { wire, seed, root } = words;
  return typeof wire === "string" && isPrivateWire(wire) &&
      seed instanceof Uint8Array && seed.length === 32 &&
      typeof root === "string" && /^[0-9a-f]{64}$/.test(root)
    ? { wire, seed: seed.slice(), root }
    : null;
}

function parseFailure({ code, message, fix }: Fields): FailureJson {
  return { code: cut(code), message: cut(message), fix: cut(fix) };
}
