import { Identity } from "../../../lib/protocol/identity.ts";
import { askHash, parseRefusal } from "../../../lib/sealed/join_refusal.ts";
import type { InvitationEnd } from "../../../lib/protocol/invitation_ends.ts";
import { joinBytes, writeJoin } from "../../../lib/sealed/join_request.ts";
import { openContent, readMessage } from "../../../lib/sealed/message.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import type { SealedFrame } from "../../mailbox/sealed_frames.ts";
import type { ControlSender } from "./control_sender.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface JoinAskingOptions extends SealedOptions {
  readonly book: Pick<RoomBook, "place">;
  readonly control: Pick<ControlSender, "say" | "isOpen">;
}

/**
 * It is asked again after so long, the last again and again: an admin's daemon may be killed before it lets him in, or have
 * let in too many in this minute. Milliseconds.
 */
const ASK_AGAIN_MS = [15_000, 60_000, 600_000] as const;

/** How this agent asked last. */
interface Asked {
  /** Monotonic. */
  readonly at: number;
  /** How often before, for the same reason. */
  readonly tries: number;
  readonly connection: unknown;
  /** Who invited, where he was there. */
  readonly seen: string;
  /** The invitation's secret, hex. */
  readonly by: string;
  /** What an answer names; absent until it is said. */
  ask?: string;
  /** What who invited answered. */
  refusal?: InvitationEnd;
}

/** Asks for this agent to be let in, with the secret of its invitation. */
export class JoinAsking {
  readonly #options: JoinAskingOptions;
  /** By room. */
  readonly #asked = new Map<string, Asked>();

  constructor(options: JoinAskingOptions) {
    this.#options = options;
  }

  /** Asks to be let in, where that is due: at each connection, when an admin comes, and now and then. Rejects with FILE_TROUBLE. */
  async ask(room: KnownRoom): Promise<void> {
    const { book, control, clock, reconnect, stored: { rooms } } =
      this.#options;
    const { name } = room;
    const { seed, inviter } = book.place(name);
    if (seed === undefined || !control.isOpen(name)) return;
    const { connection } = reconnect;
    const isThere = rooms.get(name)?.memberIds.includes(inviter) ?? false;
    const last = this.#asked.get(name);
    const now = clock.monotonic();
    const by = seed.toHex();
    if (last?.by === by && last.refusal !== undefined) return;
    const isAnew = last?.by !== by || last.connection !== connection ||
      (isThere && last.seen !== inviter);
    if (!isAnew && now - last.at <= pauseAfter(last, room)) return;
    const seen = isThere ? inviter : "";
    const tries = isAnew ? 0 : last.tries + 1;
    const asked: Asked = { at: now, tries, connection, seen, by };
    this.#asked.set(name, asked);
    const body = await this.#request(name, seed);
    // Before it is said: the answer may be faster than the relay's word that it has it.
    asked.ask = askHash(body);
    const isLast = () => this.#asked.get(name) === asked;
    if (!await this.#say(name, body) && isLast()) this.forget(name);
  }

  /**
   * Says that this agent, who came back, is here to stay, whatever it said of leaving before, where the relay has no such
   * word yet. By no invitation: it lets nobody in who is no member any more. Rejects with FILE_TROUBLE.
   */
  async stay({ name }: KnownRoom): Promise<void> {
    const { book, control, randomBytes } = this.#options;
    if (book.place(name).stays !== true || !control.isOpen(name)) return;
    await this.#say(name, await this.#request(name, randomBytes(KEY_BYTES)));
  }

  /** @returns whether the relay has it */
  async #say(name: string, body: Uint8Array): Promise<boolean> {
    const { control, stored: { privateRooms } } = this.#options;
    const isSaid = await control.say(name, "j", body);
    if (isSaid) privateRooms.saidToStay(name);
    return isSaid;
  }

  async #request(name: string, seed: Uint8Array): Promise<Uint8Array> {
    const { book, clock, me } = this.#options;
    const { root, wire: room } = book.place(name);
    const at = Math.trunc(clock.wall());
    const invitation = await Identity.fromSeed(seed);
    const bytes = joinBytes({ room, joiner: me.id, root }, at);
    const signature = await invitation.sign(bytes);
    return writeJoin({ pub: invitation.id, at, signature });
  }

  /** Asks anew, whatever was asked and answered before. */
  forget(name: string): void {
    this.#asked.delete(name);
  }

  /** Why the invitation by which it was asked lets nobody in, as who invited says; undefined while he says nothing. */
  refusalOf(name: string): InvitationEnd | undefined {
    const { seed } = this.#options.stored.privateRooms.get(name) ?? {};
    const asked = this.#asked.get(name);
    return seed?.toHex() === asked?.by ? asked?.refusal : undefined;
  }

  /**
   * Somebody refuses a request: believed of who invited, by the key that he and this agent share, for the last request
   * alone. Rejects with a `Failure`. @returns whether it is
   */
  async heard(
    { name }: KnownRoom,
    body: Uint8Array,
    { from, id }: SealedFrame,
  ): Promise<boolean> {
    const { book, askKeys, verifier } = this.#options;
    const { seed, inviter, wire: room } = book.place(name);
    const asked = this.#asked.get(name);
    const start = readMessage(body);
    const isAwaited = from === inviter && asked?.ask !== undefined &&
      asked.refusal === undefined && asked.by === seed?.toHex();
    if (!isAwaited || start === null) return false;
    const { kc } = await askKeys({ ask: "pair", id: from });
    if (!kc.startsWith(start.epoch.toHex())) return false;
    const salts = [start.salt];
    const [key] = await askKeys({ ask: "message_keys", kc, salts }) ?? [];
    if (key === undefined) return false;
    const opened = openContent({ room, from, id }, start, { key, verifier });
    const refusal = opened.ok ? parseRefusal(opened.content) : null;
    if (refusal === null || refusal.ask !== asked.ask) return false;
    asked.refusal = refusal.reason;
    return true;
  }
}

/** From a request to the next; milliseconds. Who has records was heard, and asks for those that are missing. */
function pauseAfter({ tries }: Asked, { records }: KnownRoom): number {
  const last = ASK_AGAIN_MS.length - 1;
  return ASK_AGAIN_MS[records.size === 0 ? Math.min(tries, last) : last]!;
}
