import { Identity } from "../../../lib/protocol/identity.ts";
import { joinBytes, writeJoin } from "../../../lib/sealed/join_request.ts";
import type { ControlSender } from "./control_sender.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface JoinAskingOptions extends SealedOptions {
  readonly book: Pick<RoomBook, "place">;
  readonly control: Pick<ControlSender, "say" | "isOpen">;
}

/** It is asked again after so long; milliseconds. */
const ASK_AGAIN_MS = 600_000;

/** Asks for this agent to be let in, with the secret of its invitation. */
export class JoinAsking {
  readonly #options: JoinAskingOptions;
  /** When we asked last, by which invitation, and at which connection, by room. */
  readonly #asked = new Map<
    string,
    {
      readonly at: number;
      readonly connection: unknown;
      readonly seen: string;
      readonly by: string;
    }
  >();

  constructor(options: JoinAskingOptions) {
    this.#options = options;
  }

  /** Asks to be let in, where that is due: at each connection, when an admin comes, and now and then. Never rejects. */
  async ask(room: KnownRoom): Promise<void> {
    const { book, control, clock, reconnect, stored: { rooms } } =
      this.#options;
    const { name } = room;
    const { seed, inviter, root, wire } = book.place(name);
    if (seed === undefined || !control.isOpen(name)) return;
    const { connection } = reconnect;
    const isThere = rooms.get(name)?.memberIds.includes(inviter) ?? false;
    const last = this.#asked.get(name);
    const now = clock.monotonic();
    const by = seed.toHex();
    const isDue = last?.by !== by || last.connection !== connection ||
      (isThere && last.seen !== inviter) || now - last.at > ASK_AGAIN_MS;
    if (!isDue) return;
    const seen = isThere ? inviter : "";
    this.#asked.set(name, { at: now, connection, seen, by });
    const at = Math.trunc(clock.wall());
    const place = { room: wire, joiner: this.#options.me.id, root };
    const invitation = await Identity.fromSeed(seed);
    const signature = await invitation.sign(joinBytes(place, at));
    const request = { pub: invitation.id, at, signature };
    if (!await control.say(name, "j", writeJoin(request))) {
      this.#asked.delete(name);
    }
  }
}
