import { defined } from "../../../lib/defined.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { DeliveredDirect } from "../../../lib/protocol/direct_frames.ts";
import type { Verifier } from "../../../lib/protocol/verifying.ts";
import { newStream } from "../../../lib/sealed/head.ts";
import type { AskKeys } from "../../../lib/sealed/key_questions.ts";
import {
  EPOCH_BYTES,
  openMessage,
  prepareMessage,
  readMessage,
  type SealedContent,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { KEY_BYTES } from "../../../lib/sealed/primitives.ts";
import { readSealed, writeSealed } from "../../../lib/sealed/sealed_text.ts";
import type { DirectPeers } from "../../mailbox/direct_peers.ts";
import type { NewSend } from "../send/new_send.ts";

export interface PairSealerOptions {
  /** This agent's id. */
  readonly me: string;
  readonly peers: Pick<DirectPeers, "named">;
  readonly askKeys: AskKeys;
  readonly verifier: Verifier;
  readonly clock: Pick<Clock, "wall">;
  readonly randomBytes: (count: number) => Uint8Array;
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
    const { me, peers, askKeys, clock, randomBytes } = this.#options;
    const peer = peers.named(send.room);
    if (peer === undefined) {
      throw new Failure("NOT_IN_ROOM", { fields: { room: send.room } });
    }
    const { wire: room, kc } = peer;
    const place = { room, from: me, id: send.id };
    const salt = randomBytes(KEY_BYTES);
    const epoch = epochOf(kc);
    const n = (this.#numbers.get(room) ?? 0) + 1;
    const stream = this.#stream ??= newStream(clock.wall(), randomBytes(8));
    const { content, hash } = prepareMessage(place, epoch, {
      text: send.text,
      head: {
        ...{ stream, n, at: clock.wall(), saw: [] },
        ...defined({
          ...{ replyTo: send.replyTo, kind: send.kind },
          writtenBy: send.writtenBy,
        }),
      },
    });
    const [keys, signature] = await Promise.all([
      askKeys({ ask: "message_keys", kc, salts: [salt] }),
      askKeys({ ask: "sign_said", room, hash }),
    ]);
    // A key file that was lost: the pair's key follows from both identities.
    const key = keys?.[0] ?? await this.#againKey(peer.agent, kc, salt);
    this.#numbers.set(room, n);
    return writeSealed(
      "m",
      sealMessage(place, { epoch, salt }, { content, signature, key }),
    );
  }

  /** What a message says; null where it is none of its author's to this agent. Rejects with a `Failure`. */
  async open(
    { from, id, content: { text } }: DeliveredDirect,
  ): Promise<SealedContent | null> {
    const { askKeys, verifier } = this.#options;
    const sealed = readSealed(text);
    if (sealed.is !== "sealed" || sealed.kind !== "m") return null;
    const start = readMessage(sealed.body);
    if (start === null) return null;
    const { room, kc } = await askKeys({ ask: "pair", id: from });
    if (start.epoch.toHex() !== epochOf(kc).toHex()) return null;
    const salts = [start.salt];
    const [key] = await askKeys({ ask: "message_keys", kc, salts }) ?? [];
    if (key === undefined) return null;
    const opened = openMessage({ room, from, id }, start, { key, verifier });
    return opened.ok ? opened.content : null;
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
