import { Failure } from "../../../lib/errors.ts";
import type { NewSend } from "../send/new_send.ts";
import { defined } from "../../../lib/defined.ts";
import { MOST_SEEN, newStream, type Seen } from "../../../lib/sealed/head.ts";
import type { AuthorMarks } from "../../../lib/protocol/marks_frames.ts";
import {
  type Place,
  prepareContent,
  type PreparedMessage,
  prepareMessage,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { receiptContent } from "../../../lib/sealed/receipt.ts";
import { sealedFile } from "../../../lib/sealed/file_key.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { writeSealed } from "../../../lib/sealed/sealed_text.ts";
import { type KnownRoom, startOf } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

/** So many of them leave room for a file in the same head. */
const SEEN_BESIDE_FILE = 16;
/** How long a send waits for a key that is missing, before it is tried again; milliseconds. */
const AGAIN_MS = 2_000;

/** Seals what is said in private rooms, at the moment when it is handed over. */
export class MessageSealer {
  readonly #options: SealedOptions;
  readonly #book: RoomBook;
  /** Of this start: another daemon with this key has another one. */
  readonly stream: string;
  /** When it began, wall clock. */
  readonly began: number;
  /** The last number of the stream in each room. */
  readonly #numbers = new Map<string, number>();

  constructor(options: SealedOptions, book: RoomBook) {
    this.#options = options;
    this.#book = book;
    this.began = options.clock.wall();
    this.stream = newStream(this.began, options.randomBytes(8));
  }

  /** Rejects with KEY_MISSING, which time cures, NOT_A_MEMBER, or FILE_TROUBLE. Nothing goes out plain. */
  async seal(send: NewSend): Promise<string> {
    const room = await this.#book.room(send.room);
    const n = (this.#numbers.get(room.name) ?? 0) + 1;
    const body = await this.#seal(
      room,
      send.id,
      (place, epoch) =>
        prepareMessage(place, epoch, {
          text: send.text,
          head: {
            ...{ stream: this.stream, n, at: this.#options.clock.wall() },
            saw: lastSeen(
              room,
              send.file === undefined ? MOST_SEEN : SEEN_BESIDE_FILE,
            ),
            ...defined({
              ...{ replyTo: send.replyTo, kind: send.kind },
              writtenBy: send.writtenBy,
              file: sealedFile(send.file),
            }),
            ...(send.receipt ? { wantsReceipt: true } : {}),
          },
        }),
    );
    this.#numbers.set(room.name, n);
    return writeSealed("m", body);
  }

  /** The body of a receipt: it has no number, since nobody misses it. Rejects as {@link seal}. */
  async sealReceipt(
    name: string,
    { id, marks }: {
      readonly id: string;
      readonly marks: readonly AuthorMarks[];
    },
  ): Promise<Uint8Array> {
    const content = receiptContent({ at: this.#options.clock.wall(), marks });
    return await this.#seal(
      await this.#book.room(name),
      id,
      (place, epoch) => prepareContent(place, epoch, content),
    );
  }

  async #seal(
    room: KnownRoom,
    id: string,
    prepare: (place: Place, epoch: Uint8Array) => PreparedMessage,
  ): Promise<Uint8Array> {
    const { askKeys, me, randomBytes } = this.#options;
    const { hash, kc } = this.#keyOf(room);
    const wire = this.#book.place(room.name).wire;
    const place = { room: wire, from: me.id, id };
    const salt = randomBytes(KEY_BYTES);
    const epoch = Uint8Array.fromHex(startOf(hash));
    const prepared = prepare(place, epoch);
    const [keys, signature] = await Promise.all([
      askKeys({ ask: "message_keys", kc, salts: [salt] }),
      askKeys({ ask: "sign_said", room: wire, hash: prepared.hash }),
    ]);
    const [key] = keys ?? [];
    if (key === undefined) throw missing(room, "its key is not here");
    const { content } = prepared;
    return sealMessage(place, { epoch, salt }, { content, signature, key });
  }

  /** The relay refused what was sealed last in the room: its number is free, or others would miss it. */
  wasRefused(room: string): void {
    const n = this.#numbers.get(room);
    if (n !== undefined && n > 0) this.#numbers.set(room, n - 1);
  }

  #keyOf(room: KnownRoom): { readonly hash: string; readonly kc: string } {
    const { inForce, kcInForce: kc } = room;
    if (inForce === undefined || kc === undefined) {
      throw missing(room, "it waits for the daemon of an admin");
    }
    if (room.isRemoved(this.#options.me.id)) {
      throw new Failure("NOT_A_MEMBER", { fields: { room: room.name } });
    }
    if (room.isBehind) throw missing(room, "a newer key of it is asked for");
    return { hash: inForce.hash, kc };
  }
}

/** The last that was had of those who spoke last. */
function lastSeen({ heard }: KnownRoom, most: number): Seen[] {
  return [...heard].flatMap(([who, { streams }]): Seen[] => {
    const [stream, n] = streams.at(-1) ?? [];
    return stream === undefined || n === undefined ? [] : [[who, stream, n]];
  }).slice(-most);
}

function missing({ name }: KnownRoom, reason: string): Failure {
  return new Failure("KEY_MISSING", {
    fields: { room: name, reason },
    retryAfterMs: AGAIN_MS,
  });
}
