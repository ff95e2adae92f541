import { Failure } from "../errors.ts";
import type { Clock } from "../clock.ts";
import { encodeBase58 } from "../protocol/base58.ts";
import type { DirectAck } from "../protocol/direct_frames.ts";
import type { Feature, Pow, Profile } from "../protocol/frames.ts";
import { type Marks, RECEIPT_WANTED } from "../protocol/marks_frames.ts";
import type { Presence } from "../protocol/presence_frames.ts";
import { WIRE } from "../protocol/limits.ts";
import { cutToBytes, normalizeTags, utf8Bytes } from "../protocol/names.ts";
import type {
  OutgoingDirect,
  OutgoingMessage,
  SignFrame,
} from "./connection_types.ts";
import { defined } from "../defined.ts";

/** A frame as text, ready for the line. */
export interface ReadyFrame {
  readonly text: string;
  /** What a relay with `ack` calls it in an error: its id, else its nonce. */
  readonly ref?: string;
}

/** What a new room is to be called and be about. */
export interface RoomPlan {
  readonly room: string;
  readonly topic: string;
  readonly tags: readonly string[];
}

/** What is sought in the relay's list of rooms. */
export interface ListQuery {
  readonly tags?: readonly string[];
  /** Default "any". */
  readonly match?: "any" | "all";
  /** Default "active". */
  readonly sort?: "active" | "agents";
  /** 1 to 100, default 50. */
  readonly limit?: number;
  readonly cursor?: string;
  /** Words sought in name and topic; relays that don't know the field ignore it. */
  readonly q?: string;
}

/** Which page of a room's past is wanted. */
export interface HistoryQuery {
  readonly room: string;
  readonly after_seq?: number;
  readonly before_seq?: number;
  /** 1 to 200, default 50. */
  readonly limit?: number;
}

export interface OutgoingOptions {
  readonly profile: Profile;
  readonly clock: Clock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly sign: SignFrame;
}

/** Makes the frames that one agent sends, with nonce, timestamp and signature (protocol.md sections 2 to 4). */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly profile: Profile;

  constructor(options: OutgoingOptions) {
    this.#options = options;
    this.profile = wireProfile(options.profile);
  }

  /** @param relay the URL dialled (protocol.md section 10). */
  hello(relay: string, features: readonly Feature[]): Promise<ReadyFrame> {
    const { profile } = this;
    return this.#fresh({
      type: "hello",
      profile: { id: profile.id, name: profile.name, version: profile.version },
      relay,
      features: [...features],
    });
  }

  /** Signed too, although a Go relay doesn't look: the signature ties the challenge to the agent. */
  helloPow(pow: Pow): Promise<ReadyFrame> {
    return this.#signed({ type: "hello.pow", pow });
  }

  create(plan: RoomPlan, pow?: Pow): Promise<ReadyFrame> {
    return this.#fresh({
      type: "room.create",
      room: plan.room,
      topic: plan.topic,
      tags: normalizeTags(plan.tags),
      ...(pow === undefined ? {} : { pow }),
    });
  }

  join(room: string): Promise<ReadyFrame> {
    return this.#fresh({ type: "room.join", room });
  }

  leave(room: string): Promise<ReadyFrame> {
    return this.#fresh({ type: "room.leave", room });
  }

  /** @param message with `reply_to`, `kind`, `written_by`, `file` and `receipt` only for a relay that passes signed fields on. */
  message(message: OutgoingMessage): Promise<ReadyFrame> {
    const { id, room, text, reply_to, kind, written_by, file, receipt } =
      message;
    return this.#fresh({
      type: "message",
      id,
      room,
      from: this.profile.id,
      content: { type: "text", text },
      ...defined({ reply_to, kind, written_by, file }),
      ...(receipt ? { receipt: RECEIPT_WANTED } : {}),
    });
  }

  marks({ room, marks }: Pick<Marks, "room" | "marks">): Promise<ReadyFrame> {
    return this.#fresh({ type: "marks", room, from: this.profile.id, marks });
  }

  /** @param postage a proof of work, where the other does not know this agent. */
  direct(
    { id, to, text }: OutgoingDirect,
    postage?: string,
  ): Promise<ReadyFrame> {
    return this.#fresh({
      type: "direct",
      ...{ id, to, from: this.profile.id },
      content: { type: "text", text },
      ...defined({ postage }),
    });
  }

  directAck(
    { messages, knows }: Pick<DirectAck, "messages" | "knows">,
  ): Promise<ReadyFrame> {
    return this.#fresh({ type: "direct.ack", messages, knows });
  }

  history(query: HistoryQuery): Promise<ReadyFrame> {
    const { room, after_seq, before_seq, limit = 50 } = query;
    return this.#fresh({
      type: "room.history",
      room,
      limit,
      ...(after_seq === undefined ? {} : { after_seq }),
      ...(before_seq === undefined ? {} : { before_seq }),
    });
  }

  list(query: ListQuery): ReadyFrame {
    const { tags = [], match = "any", sort = "active", limit = 50 } = query;
    return ready({
      type: "rooms.list",
      tags: normalizeTags(tags),
      match,
      sort,
      limit,
      ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
      ...(query.q === undefined ? {} : { q: query.q }),
    });
  }

  presence(presence: Omit<Presence, "type">): ReadyFrame {
    return ready({ type: "presence", ...presence });
  }

  roomPresence(room: string): ReadyFrame {
    return ready({ type: "room.presence", room });
  }

  #fresh(body: Record<string, unknown>): Promise<ReadyFrame> {
    return this.#signed({
      ...body,
      nonce: encodeBase58(this.#options.randomBytes(16)),
      timestamp: Math.trunc(this.#options.clock.wall()),
    });
  }

  async #signed(frame: Record<string, unknown>): Promise<ReadyFrame> {
    const bytes = utf8Bytes(JSON.stringify(frame));
    if (bytes + SIGNATURE_BYTES > WIRE.agentFrameBytes) {
      throw new Failure("TEXT_TOO_LONG", {
        fields: { bytes, most: WIRE.agentFrameBytes - SIGNATURE_BYTES },
      });
    }
    return ready({ ...frame, signature: await this.#options.sign(frame) });
  }
}

/** `,"signature":"…"` with at most 88 characters of base58. */
const SIGNATURE_BYTES = 104;

function ready(frame: Record<string, unknown>): ReadyFrame {
  const text = JSON.stringify(frame);
  const ref = frame.id ?? frame.nonce;
  return typeof ref === "string" ? { text, ref } : { text };
}

/** Go counts a name's bytes and wants at least one (protocol.md section 3). */
function wireProfile(profile: Profile): Profile {
  const name = cutToBytes(profile.name, WIRE.displayName);
  return {
    id: profile.id,
    name: name === "" ? "agent" : name,
    version: cutToBytes(profile.version, WIRE.version),
  };
}
