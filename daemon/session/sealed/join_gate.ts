import { runLater } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { isJoinSigned, readJoin } from "../../../lib/sealed/join_request.ts";
import { askHash } from "../../../lib/sealed/join_refusal.ts";
import { MOST_MEMBERS } from "../../../lib/sealed/record_form.ts";
import { MOST_JOINED } from "../../../lib/sealed/epoch_state.ts";
import type { SealedFrame } from "../../mailbox/sealed_frames.ts";
import type { EpochMaker, WantedState } from "./epoch_maker.ts";
import type { JoinRefuser } from "./join_refuser.ts";
import type { KnownRoom } from "./known_room.ts";
import type { RecordDesk } from "./record_desk.ts";
import type { RoomBook } from "./room_book.ts";
import type { SealedOptions } from "./sealed_options.ts";

export interface JoinGateOptions extends SealedOptions {
  readonly book: RoomBook;
  readonly maker: EpochMaker;
  readonly desk: RecordDesk;
  readonly refuser: Pick<JoinRefuser, "refuse">;
}

/** Requests are gathered so long, that many who come at once are one epoch; milliseconds. */
const GATHER_MS = 1_000;
/** An admin waits so much longer for each one of higher rank, and for who invited; milliseconds. */
const RANK_MS = 3_000;

/** So many are kept at once who asked by an invitation that is not open, as far as is known here. */
const MOST_UNKNOWN = 32;

/** Who asked, by which invitation. */
interface Asking {
  readonly joiner: string;
  readonly pub: string;
  /** What an answer names. */
  readonly ask: string;
}

/** Lets in who proves that he was invited, and asks to be let in. */
export class JoinGate {
  readonly #options: JoinGateOptions;
  /** Those who are let in together, by who asks. */
  readonly #batches = new Map<string, Map<string, Asking>>();

  constructor(options: JoinGateOptions) {
    this.#options = options;
  }

  /** Somebody asks to be let in. */
  asked(room: KnownRoom, body: Uint8Array, { from }: SealedFrame): void {
    const { book, me, verifier, desk } = this.#options;
    const { inForce, name } = room;
    const request = readJoin(body);
    if (inForce === undefined || request === null || from === me.id) return;
    const { state, hash } = inForce;
    if (!state.admins.includes(me.id) || room.isRemoved(me.id)) return;
    // He was let in, and has lost it, or never heard.
    if (state.members.includes(from)) return desk.giveSoon(room, hash);
    const { pub } = request;
    const isOpen = state.invites.some((invite) => invite.pub === pub);
    const pauseMs = this.#pauseMs(room, pub);
    // Who signs with any key of his own makes nobody wait, and takes nobody's place.
    const key = `${name} ${isOpen} ${pauseMs}`;
    const had = this.#batches.get(key);
    const batch = had ?? new Map<string, Asking>();
    const most = isOpen ? MOST_MEMBERS : MOST_UNKNOWN;
    if (batch.size >= most && !batch.has(from)) return;
    const { wire, root } = book.place(name);
    const place = { room: wire, joiner: from, root };
    if (!isJoinSigned(place, request, verifier)) return;
    const ask = askHash(body);
    batch.set(from, { joiner: from, pub, ask });
    if (had !== undefined) return;
    this.#batches.set(key, batch);
    const { clock, closed } = this.#options;
    runLater(clock, { ms: pauseMs, signal: closed }, () => {
      this.#batches.delete(key);
      void this.#letIn(room, [...batch.values()]);
    });
  }

  /** Who invited is first, then admins by their rank, as far as they are there. */
  #pauseMs({ name, inForce }: KnownRoom, pub: string): number {
    const { me, stored: { rooms } } = this.#options;
    const here = rooms.get(name)?.memberIds ?? [];
    const { admins = [], invites = [] } = inForce?.state ?? {};
    const by = invites.find((invite) => invite.pub === pub)?.by;
    if (by === me.id) return GATHER_MS;
    const rank = admins.indexOf(me.id);
    const before = admins.slice(0, rank).filter((id) => here.includes(id));
    const first = by !== undefined && here.includes(by) &&
      !before.includes(by);
    return GATHER_MS + RANK_MS * (before.length + (first ? 1 : 0));
  }

  /** Never rejects: who is not let in asks again. */
  async #letIn(room: KnownRoom, all: readonly Asking[]): Promise<void> {
    const { maker, refuser, log } = this.#options;
    try {
      const now = this.#options.clock.wall();
      for (let at = 0; at < all.length; at += MOST_JOINED) {
        const asking = all.slice(at, at + MOST_JOINED);
        const { state } = room.inForce ?? {};
        if (state === undefined || withJoined(state, asking, now) === state) {
          continue;
        }
        await maker.changeByItself(
          room.name,
          (state) => withJoined(state, asking, now),
        );
      }
    } catch (error) {
      const { code } = Failure.from(error);
      log.warn("nobody let in", { room: room.name, code });
    }
    const { members = [] } = room.inForce?.state ?? {};
    for (const asking of all) {
      if (members.includes(asking.joiner)) continue;
      await refuser.refuse(room, asking);
    }
  }
}

/** The state with those whose invitation is open; the same where there is none. */
function withJoined<State extends WantedState>(
  state: State,
  asking: readonly Asking[],
  now: number,
): State {
  return asking.reduce((state, { joiner, pub }) => {
    const invite = state.invites.find((one) => one.pub === pub);
    const isOpen = invite !== undefined && invite.until >= now &&
      state.members.length < MOST_MEMBERS;
    if (!isOpen || state.members.includes(joiner)) return state;
    const invites = state.invites.flatMap((one) =>
      one !== invite
        ? [one]
        : one.uses > 1
        ? [{ ...one, uses: one.uses - 1 }]
        : []
    );
    return {
      ...{ ...state, invites, members: [...state.members, joiner] },
      joined: [...state.joined ?? [], [joiner, pub]],
    };
  }, state);
}
