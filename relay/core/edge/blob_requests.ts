import { mostSealedBlob } from "../../../lib/blobs/blob_limits.ts";
import { blobScope } from "../../../lib/blobs/blob_scope.ts";
import {
  type BlobClaim,
  blobHost,
  isClaimOfNow,
} from "../../../lib/blobs/blob_token.ts";
import { defined } from "../../../lib/defined.ts";
import type { StoreAnswer } from "../../store/contract.ts";
import type { Now } from "../events.ts";
import type { BlobSettings } from "../settings.ts";
import {
  type BlobRefusal,
  type BlobReply,
  foundReply,
  keptReply,
  refused,
  reservedReply,
  token,
} from "./blob_replies.ts";
import type { EdgeState } from "./edge_state.ts";

/** What is asked for a file, of a claim whose signature fits. */
export type BlobAsk =
  /** A place for one that comes in; answered by `reserved`. */
  | BlobQuestion<"reserve">
  /** Where one is that somebody wants; answered by `found`. */
  | BlobQuestion<"find">
  /** It is here; answered by `kept`. */
  | {
    readonly kind: "keep";
    readonly id: string;
    readonly onAnswer: (reply: BlobReply) => void;
  }
  /** It did not come. */
  | { readonly kind: "drop"; readonly id: string }
  /** Which of these are anybody's. */
  | {
    readonly kind: "known";
    readonly hashes: readonly string[];
    readonly ids: readonly string[];
    readonly onAnswer: (
      answer: StoreAnswer,
      /** Whether the place of this name is not held any more, kept or gone, in all that the log has said by then. */
      isSettled: (id: string) => boolean,
    ) => void;
  };

interface BlobQuestion<Kind extends string> {
  readonly kind: Kind;
  readonly claim: BlobClaim;
  /** The limits' key of the asker's address. */
  readonly address: string;
  readonly onAnswer: (reply: BlobReply) => void;
}

interface Pending {
  readonly onAnswer: (reply: BlobReply) => void;
  readonly reply: (answer: StoreAnswer) => BlobReply;
  /** Monotonic. */
  readonly since: number;
}

/** What could not get into the log by then is refused. */
const PATIENCE_MS = 10_000;
const BUSY_MS = 10_000;
/** A place is held for 30 minutes, by clocks of relays that may differ by as much again. */
const SETTLED_MS = 60 * 60_000;

/** Who may put and get files (protocol.md section 18): what is refused here costs log and store nothing. */
export class BlobRequests {
  readonly #state: EdgeState;
  /** By the place's id. */
  readonly #pending = new Map<string, Pending>();

  constructor(state: EdgeState) {
    this.#state = state;
  }

  ask(ask: BlobAsk, now: Now): void {
    switch (ask.kind) {
      case "reserve":
        return this.#reserve(ask, now);
      case "find":
        return this.#find(ask, now);
      case "keep": {
        const { id, onAnswer } = ask;
        this.#wait(id, { onAnswer, reply: keptReply, since: now.mono });
        return this.#state.submitBlob({ op: "blob_keep", id }, now);
      }
      case "drop":
        return this.#state.submitBlob({ op: "blob_drop", id: ask.id }, now);
      case "known": {
        const { hashes, ids, onAnswer } = ask;
        const read = { kind: "blobs_known", hashes, ids } as const;
        const before = this.#state.roomTime(now).wall - SETTLED_MS;
        const isSettled = (id: string) => timeOf(id) < before;
        return this.#state.effects.store(
          read,
          (answer) => onAnswer(answer, isSettled),
        );
      }
    }
  }

  /** An op of this relay was applied. */
  settled(id: string, answer: StoreAnswer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.onAnswer(pending.reply(answer));
  }

  /** Refuses what the log does not take. */
  tick({ mono }: Now): void {
    for (const [id, { onAnswer, since }] of this.#pending) {
      if (mono - since < PATIENCE_MS) continue;
      this.#pending.delete(id);
      const reason = "the relay is out of touch with the others";
      onAnswer(refused("BLOB_BUSY", { reason }, BUSY_MS));
    }
  }

  #reserve(
    { claim, address, onAnswer }: BlobQuestion<"reserve">,
    now: Now,
  ): void {
    const { agent, room, sha256, size } = claim;
    const refusal = this.#refusal(claim, now) ??
      this.#placeRefusal(claim, now) ?? this.#rate(claim, address, now);
    if (refusal !== null) return onAnswer(refusal);
    const id = newId(now, this.#state.randomBytes(9));
    const reply = (answer: StoreAnswer) => reservedReply(id, answer);
    this.#wait(id, { onAnswer, reply, since: now.mono });
    this.#state.submitBlob({
      ...{ op: "blob_reserve", id, agent, address, sha256, size },
      scope: blobScope(claim),
      ...defined({ room }),
    }, now);
  }

  #find({ claim, address, onAnswer }: BlobQuestion<"find">, now: Now): void {
    const isStranger = !this.#isMember(claim, now);
    const refusal = this.#refusal(claim, now) ??
      (isStranger ? refused("BLOB_NOT_FOUND") : null) ??
      this.#rate(claim, address, now);
    if (refusal !== null) return onAnswer(refusal);
    const { sha256, size } = claim;
    const at = this.#state.roomTime(now).wall;
    const read = { kind: "blob", sha256, size, at } as const;
    this.#state.effects.store(
      { ...read, scope: blobScope(claim) },
      (answer) => onAnswer(foundReply(answer)),
    );
  }

  #wait(id: string, pending: Pending): void {
    this.#pending.set(id, pending);
  }

  /** Why the claim is nothing to this relay, whatever it is for. */
  #refusal(claim: BlobClaim, now: Now): BlobRefusal | null {
    const { blobs, publicUrl } = this.#state.settings;
    if (blobs === null) return refused("BLOB_OFF");
    if (publicUrl !== undefined && claim.relay !== blobHost(publicUrl)) {
      return token("it is meant for another relay");
    }
    if (!isClaimOfNow(claim, now.wall)) {
      return token("it is not of the last minute, by the relay's clock");
    }
    if (this.#state.admits(claim.agent)) return null;
    return refused("BLOB_REFUSED", {
      reason: "it does not admit this agent",
      fix: "ask the relay's operator",
    });
  }

  #placeRefusal(claim: BlobClaim, now: Now): BlobRefusal | null {
    const { blobs, direct } = this.#state.settings;
    const { agent, peer, size } = claim;
    if (peer !== undefined && !direct) {
      return refused("BLOB_REFUSED", {
        reason: "it takes no messages to one agent",
        fix: "send it in a room",
      });
    }
    if (!this.#isMember(claim, now)) {
      return refused("BLOB_REFUSED", { reason: "you are not in this room" });
    }
    if (!this.#state.rooms.hasAgent(agent)) {
      return refused("BLOB_REFUSED", {
        reason: "this agent is not connected",
        fix: "connect, and send it again",
      });
    }
    const most = blobs === null ? 0 : mostOf(claim, blobs);
    return size > most ? refused("BLOB_TOO_BIG", { bytes: size, most }) : null;
  }

  #rate(
    { agent, size }: BlobClaim,
    address: string,
    now: Now,
  ): BlobRefusal | null {
    const { limits } = this.#state;
    const wait = limits.blob({ agent, address }, size, now.mono);
    return wait === 0 ? null : refused("RATE_LIMITED", {}, wait);
  }

  /** In the room now, or dropped from it so lately that it may come back as if never gone; of two agents each is. */
  #isMember({ agent, room: name }: BlobClaim, now: Now): boolean {
    if (name === undefined) return true;
    const room = this.#state.rooms.room(name);
    if (room === undefined) return false;
    const until = room.graced.get(agent) ?? -Infinity;
    return room.members.has(agent) || until > this.#state.roomTime(now).mono;
  }
}

/** A name that no other place ever has, and says when it was made. */
function newId({ wall }: Now, chance: Uint8Array): string {
  return `${Math.round(wall).toString(36)}-${chance.toHex()}`;
}

/** Milliseconds since 1970; never of what is no such name, which nobody's op can have made. */
function timeOf(id: string): number {
  const time = Number.parseInt(id, 36);
  return Number.isNaN(time) ? 0 : time;
}

/** @param room undefined of two agents, whose words are sealed always. */
function mostOf({ room }: BlobClaim, { bytes }: BlobSettings): number {
  const isSealed = room === undefined || SEALED_ROOM.test(room);
  return isSealed ? mostSealedBlob(bytes) : bytes;
}

/** A private room's name on the wire (protocol.md section 14). */
const SEALED_ROOM = /^p-[0-9a-f]{32}$/;
