import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import { newStream } from "../../../lib/sealed/head.ts";
import { sealedFile } from "../../../lib/sealed/file_key.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import {
  EPOCH_BYTES,
  type Place,
  prepareContent,
  type PreparedMessage,
  prepareMessage,
  type SealedContent,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { type Receipt, receiptContent } from "../../../lib/sealed/receipt.ts";
import { writeSealed } from "../../../lib/sealed/sealed_text.ts";
import type { AuthorMarks } from "../../../lib/protocol/marks_frames.ts";
import type { DirectPeer, DirectPeers } from "../../mailbox/direct_peers.ts";
import {
  type OpenedMessage,
  openedOf,
  sealedMessageOf,
} from "../sealed/sealed_message.ts";
import type { NewSend } from "../send/new_send.ts";
import type { TalkHearing } from "./talk_hearing.ts";

export interface PairSealerOptions {
  /** This agent's id. */
  readonly me: string;
  readonly peers: Pick<DirectPeers, "named">;
  readonly hearing: Pick<TalkHearing, "seen" | "spoke">;
  readonly askKeys: AskKeys;
  readonly verifier: Verifier;
  readonly clock: Pick<Clock, "wall">;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** What somebody said to this agent alone, as it came. */
export interface SealedWord {
  readonly from: string;
  readonly id: string;
  readonly text: string;
}

/** What it says, and by which pair's key. */
export interface OpenedWord extends SealedContent {
  readonly wire: RoomName;
}

/** What it tells of messages of ours. */
export interface OpenedReceipt {
  readonly receipt: Receipt;
}

/** Seals and opens what is said to one agent, by the key that both have from their identities. */
export class PairSealer {
  readonly #options: PairSealerOptions;
  /** Of this start; made with the first message. */
  #stream: string | undefined;
  readonly #numbers = new Map<string, number>();

  constructor(options: PairSealerOptions) {
    this.#options = options;
  }

  /** What of a send goes over the wire. Rejects with a `Failure`; nothing goes out plain. */
  async seal(send: NewSend): Promise<string> {
    const { clock, randomBytes, hearing } = this.#options;
    const peer = this.#peerOf(send.room);
    const { wire } = peer;
    const n = (this.#numbers.get(wire) ?? 0) + 1;
    const stream = this.#stream ??= newStream(clock.wall(), randomBytes(8));
    const body = await this.#seal(
      peer,
      send.id,
      (place, epoch) =>
        prepareMessage(place, epoch, {
          text: send.text,
          head: {
            ...{ stream, n, at: clock.wall() },
            saw: hearing.seen({ from: peer.agent, wire }, stream),
            ...defined({
              ...{ replyTo: send.replyTo, kind: send.kind },
              writtenBy: send.writtenBy,
              file: sealedFile(send.file),
            }),
            ...(send.receipt ? { wantsReceipt: true } : {}),
          },
        }),
    );
    this.#numbers.set(wire, n);
    return writeSealed("m", body);
  }

  /** A receipt for the other of a talk: it has no number, since nobody misses it. Rejects as {@link seal}. */
  async sealReceipt(
    talk: string,
    { id, marks }: {
      readonly id: string;
      readonly marks: readonly AuthorMarks[];
    },
  ): Promise<string> {
    const content = receiptContent({ at: this.#options.clock.wall(), marks });
    const body = await this.#seal(
      this.#peerOf(talk),
      id,
      (place, epoch) => prepareContent(place, epoch, content),
    );
    return writeSealed("g", body);
  }

  /** @throws Failure NOT_IN_ROOM */
  #peerOf(room: string): DirectPeer {
    const peer = this.#options.peers.named(room);
    if (peer !== undefined) return peer;
    throw new Failure("NOT_IN_ROOM", { fields: { room } });
  }

  async #seal(
    peer: DirectPeer,
    id: string,
    prepare: (place: Place, epoch: Uint8Array) => PreparedMessage,
  ): Promise<Uint8Array> {
    const { me, askKeys, randomBytes } = this.#options;
    const { wire: room, kc } = peer;
    const place = { room, from: me, id };
    const salt = randomBytes(KEY_BYTES);
    const epoch = epochOf(kc);
    const { content, hash } = prepare(place, epoch);
    const [keys, signature] = await Promise.all([
      askKeys({ ask: "message_keys", kc, salts: [salt] }),
      askKeys({ ask: "sign_said", room, hash }),
    ]);
    // A key file that was lost: the pair's key follows from both identities.
    const key = keys?.[0] ?? await this.#againKey(peer.agent, kc, salt);
    return sealMessage(place, { epoch, salt }, { content, signature, key });
  }

  /** What a message, or a receipt, says; null where it is none of its author's to this agent. Rejects with a `Failure`. */
  async open(
    { from, id, text }: SealedWord,
  ): Promise<OpenedWord | OpenedReceipt | null> {
    const { askKeys, verifier } = this.#options;
    const message = sealedMessageOf(text);
    if (message === null) return null;
    const { start } = message;
    const { room, kc } = await askKeys({ ask: "pair", id: from });
    if (start.epoch.toHex() !== epochOf(kc).toHex()) return null;
    const salts = [start.salt];
    const [key] = await askKeys({ ask: "message_keys", kc, salts }) ?? [];
    if (key === undefined) return null;
    const opened = openedOf(message, { room, from, id }, { key, verifier });
    if (opened.is === "receipt") return { receipt: opened.receipt };
    return opened.is === "opened" ? { ...opened.content, wire: room } : null;
  }

  /** What messages of a talk, of either of both, say, with the key of each; undefined for what is none. At most 200. Rejects with a `Failure`. */
  async openKept(
    { agent, wire: room, kc }: DirectPeer,
    words: readonly (SealedWord | null)[],
  ): Promise<(OpenedMessage | undefined)[]> {
    const { askKeys, verifier } = this.#options;
    const sealed = words.map((word) =>
      word === null ? null : sealedMessageOf(word.text)
    );
    const salts = sealed.flatMap((one) => one?.start.salt ?? []);
    if (salts.length === 0) return words.map(() => undefined);
    // A key file that was lost: the pair's key follows from both identities.
    await askKeys({ ask: "pair", id: agent });
    const keys = await askKeys({ ask: "message_keys", kc, salts }) ?? [];
    let next = 0;
    return words.map((word, at) => {
      const message = sealed[at];
      if (word === null || !message) return undefined;
      const key = keys[next++];
      if (key === undefined) return undefined;
      const { from, id } = word;
      const one = openedOf(message, { room, from, id }, { key, verifier });
      return one.is === "opened" ? one : undefined;
    });
  }

  /** The relay refused what was sealed last for the talk: its number is free, or the other would miss it. */
  wasRefused(talk: string): void {
    const wire = this.#options.peers.named(talk)?.wire ?? "";
    const n = this.#numbers.get(wire);
    if (n !== undefined && n > 0) this.#numbers.set(wire, n - 1);
  }

  /** The relay has what was sealed last for the talk. @throws Failure FILE_TROUBLE */
  wasTaken(talk: string): void {
    const { peers, hearing } = this.#options;
    const wire = peers.named(talk)?.wire;
    const n = wire === undefined ? undefined : this.#numbers.get(wire);
    if (wire === undefined || n === undefined || n < 1) return;
    hearing.spoke(wire, [this.#stream!, n]);
  }

  async #againKey(
    agent: string,
    kc: string,
    salt: Uint8Array,
  ): Promise<Uint8Array> {
    const { askKeys } = this.#options;
    await askKeys({ ask: "pair", id: agent });
    const keys = await askKeys({ ask: "message_keys", kc, salts: [salt] });
    const key = keys?.[0];
    if (key !== undefined) return key;
    throw new Failure("INTERNAL", {
      fields: { reason: "the key of a talk is not what it was" },
    });
  }
}

/** What stands for a pair's key where a room has its epoch. */
function epochOf(kc: string): Uint8Array {
  return Uint8Array.fromHex(kc.slice(0, EPOCH_BYTES * 2));
}
