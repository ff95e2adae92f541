import { Failure } from "../../../lib/errors.ts";
import { invitationEnd } from "../../../lib/sealed/invitation_end.ts";
import {
  type JoinRefusal,
  refusalContent,
} from "../../../lib/sealed/join_refusal.ts";
import {
  EPOCH_BYTES,
  prepareContent,
  sealMessage,
} from "../../../lib/sealed/message.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import type { ControlSender } from "./control_sender.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface JoinRefuserOptions extends SealedOptions {
  readonly book: Pick<RoomBook, "place">;
  readonly control: Pick<ControlSender, "say" | "newId">;
}

/** Who asked with the secret of an invitation, and was not let in. */
export interface Refused {
  readonly joiner: string;
  /** The invitation's public key. */
  readonly pub: string;
  /** `askHash` of the request. */
  readonly ask: string;
}

/** Refusals in a minute, in all rooms, and of them to one agent: an invitation that ended may be in many hands. */
const MOST_REFUSALS = 6;
const MOST_TO_ONE = 2;
const MINUTE_MS = 60_000;

/**
 * Tells who asks by an invitation of this agent's that it has ended. Who has no secret of one that this room had is
 * answered nothing.
 */
export class JoinRefuser {
  readonly #options: JoinRefuserOptions;
  #told: { readonly joiner: string; readonly at: number }[] = [];

  constructor(options: JoinRefuserOptions) {
    this.#options = options;
  }

  /** Never rejects: who hears nothing waits on. */
  async refuse(room: KnownRoom, refused: Refused): Promise<void> {
    const { me, clock, log, stored: { rooms } } = this.#options;
    const { pub, joiner, ask } = refused;
    // A newer epoch than those that are here may have let him in, or have another invitation's word.
    if (!room.isAdminNow(me.id) || room.isRemoved(me.id) || room.isBehind) {
      return;
    }
    // Who went asks again when he is back, and this answers nothing of that.
    if (!rooms.get(room.name)?.memberIds.includes(joiner)) return;
    const path = room.standing?.path ?? [];
    const invitation = { pub, by: me.id, now: clock.wall() };
    const reason = invitationEnd(path, invitation);
    if (reason === undefined || !this.#mayTell(joiner)) return;
    try {
      await this.#say(room, joiner, { ask, reason });
    } catch (error) {
      const { code } = Failure.from(error);
      log.warn("nobody told that an invitation ended", { code });
    }
  }

  /** By the key that both share, which nobody else has, whatever a relay makes of the frame. */
  async #say(
    { name }: KnownRoom,
    joiner: string,
    refusal: JoinRefusal,
  ): Promise<void> {
    const { me, book, control, askKeys, randomBytes } = this.#options;
    const { wire: room } = book.place(name);
    const { kc } = await askKeys({ ask: "pair", id: joiner });
    const place = { room, from: me.id, id: control.newId() };
    const epoch = Uint8Array.fromHex(kc).subarray(0, EPOCH_BYTES);
    const salt = randomBytes(KEY_BYTES);
    const { content, hash } = prepareContent(
      place,
      epoch,
      refusalContent(refusal),
    );
    const [keys, signature] = await Promise.all([
      askKeys({ ask: "message_keys", kc, salts: [salt] }),
      askKeys({ ask: "sign_said", room, hash }),
    ]);
    const key = keys?.[0];
    if (key === undefined) return;
    const sealed = { content, signature, key };
    const body = sealMessage(place, { epoch, salt }, sealed);
    await control.say(name, "n", body, place.id);
  }

  #mayTell(joiner: string): boolean {
    const now = this.#options.clock.monotonic();
    this.#told = this.#told.filter(({ at }) => now - at < MINUTE_MS);
    const toOne = this.#told.filter((told) => told.joiner === joiner);
    if (this.#told.length >= MOST_REFUSALS || toOne.length >= MOST_TO_ONE) {
      return false;
    }
    this.#told.push({ joiner, at: now });
    return true;
  }
}
