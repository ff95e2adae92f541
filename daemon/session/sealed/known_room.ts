import {
  type Epoch,
  relatedTo,
  type Standing,
  standingOf,
} from "../../../lib/sealed/chain.ts";
import type { Heard } from "../../../lib/sealed/counters.ts";
import type { EpochRecord } from "../../../lib/sealed/record_form.ts";
import {
  countedEpochs,
  type Said,
  type SaidBy,
  saidBy,
} from "../../../lib/sealed/said_by.ts";
import { EPOCH_BYTES } from "../../../lib/sealed/message.ts";

/** What of a record is kept in memory: its body stands in the file. */
export type RecordFacts = Pick<
  EpochRecord,
  "hash" | "author" | "n" | "parents" | "kc"
>;

/** A record that is missing: a message, or a later record, names it. */
export interface Wanted {
  /** Monotonic time of the next request for it. */
  nextAt: number;
  /** How often it was asked for. */
  tries: number;
  /** The members whose messages are sealed under it: what we know is not the newest. */
  readonly namedBy: Set<string>;
}

/** A private room in memory: its records, those of them whose state was opened, and what was had of its members. */
export class KnownRoom {
  readonly name: string;
  readonly records = new Map<string, RecordFacts>();
  readonly epochs = new Map<string, Epoch>();
  /** Commitments of parents whose keys came with a child's, by the parent's hash. */
  readonly parentKeys = new Map<string, string>();
  readonly heard: Map<string, Heard>;
  /** By the start of its hash, hex. */
  readonly wanted = new Map<string, Wanted>();
  #anchor: string | undefined;
  #standing: Standing | null | undefined;
  #counted: ReadonlySet<string> | undefined;
  #knownIds: Known | undefined;
  readonly #ids = new Map<string, string>();

  constructor(
    name: string,
    { anchor, heard }: {
      readonly anchor: string | undefined;
      readonly heard: Map<string, Heard>;
    },
  ) {
    this.name = name;
    this.#anchor = anchor;
    this.heard = heard;
  }

  get anchor(): string | undefined {
    return this.#anchor;
  }

  /** From now on this epoch is trusted, and what follows from it. */
  trust(hash: string): void {
    this.#anchor = hash;
    this.#changed();
  }

  addRecord({ hash, author, n, parents, kc }: EpochRecord): void {
    this.records.set(hash, { hash, author, n, parents, kc });
    this.wanted.delete(startOf(hash));
    this.#changed();
  }

  /** The same ids stand in every epoch: they are kept once. */
  addEpoch(epoch: Epoch): void {
    const one = (id: string) => {
      const had = this.#ids.get(id);
      if (had === undefined) this.#ids.set(id, id);
      return had ?? id;
    };
    const { state } = epoch;
    const members = state.members.map(one);
    const admins = state.admins.map(one);
    this.epochs.set(epoch.hash, {
      ...epoch,
      state: { ...state, members, admins },
    });
    this.#changed();
  }

  #changed(): void {
    this.#standing = undefined;
    this.#counted = undefined;
    this.#knownIds = undefined;
  }

  /** Whose word a message is; undefined while that can't be said: this agent was not let in yet. */
  saidBy(said: Said): SaidBy | undefined {
    const { standing } = this;
    if (standing === null) return undefined;
    const counted = this.#counted ??= countedEpochs(this.epochs, standing);
    return saidBy(said, { standing, counted });
  }

  get standing(): Standing | null {
    if (this.#standing === undefined) {
      const anchor = this.#anchor;
      this.#standing = anchor === undefined
        ? null
        : standingOf(this.epochs, anchor);
    }
    return this.#standing;
  }

  /** The epoch in force; undefined until this agent was let in. */
  get inForce(): Epoch | undefined {
    return this.standing?.path.at(-1);
  }

  /** The commitment of the key of the epoch in force. */
  get kcInForce(): string | undefined {
    const { inForce } = this;
    return inForce === undefined
      ? undefined
      : this.records.get(inForce.hash)?.kc;
  }

  /** The record whose hash begins so. */
  byStart(start: string): RecordFacts | undefined {
    return [...this.records.values()].find(({ hash }) =>
      hash.startsWith(start)
    );
  }

  /**
   * An admin made an epoch whose key we were not given: we are no member any more. One whom we stand above could not
   * remove us, whatever he gave us.
   */
  isRemoved(me: string): boolean {
    const { inForce } = this;
    if (inForce === undefined) return false;
    const { members, admins } = inForce.state;
    if (!members.includes(me)) return true;
    const above = admins.includes(me)
      ? admins.slice(0, admins.indexOf(me))
      : admins;
    return [...this.records.values()].some((record) =>
      !this.epochs.has(record.hash) && record.parents.includes(inForce.hash) &&
      above.includes(record.author) && record.n > inForce.n
    );
  }

  /** Members who named a newer key than ours: until it is had, or they are none any more. */
  get namers(): string[] {
    const { members = [] } = this.inForce?.state ?? {};
    const wanted = [...this.wanted.values()];
    return members.filter((id) => wanted.some((one) => one.namedBy.has(id)));
  }

  /** Whether a newer key than ours is in use. */
  get isBehind(): boolean {
    return this.namers.length > 0;
  }

  /** Records that an admin's later one follows and that are not here: what we take for the newest is not, and who says so. */
  get between(): { readonly hash: string; readonly author: string }[] {
    const { inForce } = this;
    if (inForce === undefined) return [];
    return [...this.records.values()].filter(({ n, author }) =>
      n > inForce.n && this.isAdminNow(author)
    ).flatMap(({ parents, author }) =>
      parents.filter((hash) => !this.records.has(hash))
        .map((hash) => ({ hash, author }))
    );
  }

  /** Records on the way from one up to the first, the next one first, by their first parents; as far as they are here. */
  behind(hash: string, most: number): string[] {
    const way: string[] = [];
    let at = this.records.get(hash)?.parents[0];
    while (at !== undefined && way.length < most && this.records.has(at)) {
      way.push(at);
      at = this.records.get(at)?.parents[0];
    }
    return way;
  }

  recordsOf(author: string): number {
    return [...this.records.values()].filter((one) => one.author === author)
      .length;
  }

  /** Records of those who are no admins in the epoch in force. */
  get recordsOfOthers(): number {
    return [...this.records.values()].filter(({ author }) =>
      !this.isAdminNow(author)
    ).length;
  }

  /** Whether somebody is an admin in the epoch in force. */
  isAdminNow(id: string): boolean {
    return this.inForce?.state.admins.includes(id) ?? false;
  }

  /** Whether somebody is, or was, an admin, as far as is known here. */
  isKnownAdmin(id: string): boolean {
    return this.#known.admins.has(id);
  }

  /** Whether somebody is, or was, a member, as far as is known here. */
  isKnownMember(id: string): boolean {
    return this.#known.members.has(id);
  }

  /** By the epochs of this room; before one is trusted, by all that are here. */
  get #known(): Known {
    return this.#knownIds ??= knownIn(
      this.#anchor === undefined
        ? [...this.epochs.values()]
        : relatedTo(this.epochs, this.#anchor),
    );
  }
}

/** Who was ever a member, and an admin. */
interface Known {
  readonly members: ReadonlySet<string>;
  readonly admins: ReadonlySet<string>;
}

function knownIn(epochs: readonly Epoch[]): Known {
  return {
    members: new Set(epochs.flatMap(({ state }) => state.members)),
    admins: new Set(epochs.flatMap(({ state }) => state.admins)),
  };
}

/** By what a message names its epoch. */
export function startOf(hash: string): string {
  return hash.slice(0, EPOCH_BYTES * 2);
}
