import { foreignName } from "../guards/fence.ts";
import { nameSkeleton } from "../guards/known_names.ts";
import { agentText } from "./agent_text.ts";

/** Who wrote a message, as far as it is known. */
export interface Speaker {
  readonly from: string;
  readonly from_name: string;
  readonly verified: boolean;
  /** This agent itself. */
  readonly you?: boolean | undefined;
  readonly muted?: boolean | undefined;
  /** Removed from the private room since: when it was said, he alone says. */
  readonly removed?: boolean | undefined;
  readonly name_conflict?: string | undefined;
}

/** What this agent's own messages are marked with. */
export const OWN = "you";
/** Words of ours that stand where a name does: nobody goes by one of them alone. */
const OURS = [OWN, "unverified", "muted", "asks", "claims", "ask", "claim"];
/** So many names are shown without their key in one output; past them each stands with it. */
const MOST_NAMES = 1_000;

/**
 * How those who speak in one output are called. A name is a claim and the key the identity: each is called by both once,
 * and by the name alone after that, while it is one plain word that no other of the output could be taken for.
 */
export class Speakers {
  /** Keys and names that were shown together. */
  readonly #introduced = new Set<string>();
  readonly #alike = new Map<string, Set<string>>();

  /** The same as it is now, which goes its own way from here. */
  copy(): Speakers {
    const copy = new Speakers();
    for (const one of this.#introduced) copy.#introduced.add(one);
    for (const [skeleton, ids] of this.#alike) {
      copy.#alike.set(skeleton, new Set(ids));
    }
    return copy;
  }

  /** Those who will speak: who could be taken for whom has to be known before the first is called by a name. */
  expect(speakers: Iterable<Speaker>): void {
    for (const { from, from_name } of speakers) {
      if (!isPlain(from_name)) continue;
      const skeleton = skeletonOf(from_name);
      const ids = this.#alike.get(skeleton);
      // Two are enough to know that a name tells nobody.
      if (ids !== undefined) { if (ids.size < 2) ids.add(from); }
      else if (this.#alike.size < MOST_NAMES) {
        this.#alike.set(skeleton, new Set([from]));
      }
    }
  }

  /**
   * Who speaks: `ada·8NYU1dXe ✓`, then `ada`; one whose signature was not checked, who is muted or was removed, or whose
   * name is pinned to another key, always with key and mark.
   */
  called(speaker: Speaker): string {
    const { from, from_name, verified, name_conflict, you } = speaker;
    const { muted, removed } = speaker;
    if (you) return verified ? OWN : `${OWN} unverified`;
    const key = `${from} ${from_name}`;
    const isSure = !isDoubtful(speaker);
    if (isSure && this.#introduced.has(key) && this.#isAlone(speaker)) {
      return bareName(speaker);
    }
    if (isSure && this.#introduced.size < MOST_NAMES) {
      this.#introduced.add(key);
    }
    return [
      agentText(from, from_name),
      verified ? "✓" : "unverified",
      ...(name_conflict === undefined
        ? []
        : [`⚠ not the ${foreignName(name_conflict)} you know`]),
      ...(muted ? ["muted"] : []),
      ...(removed ? ["removed since"] : []),
    ].join(" ");
  }

  /** Whether the name means one agent of this output and nothing else. */
  #isAlone({ from_name }: Speaker): boolean {
    if (from_name === "") return true;
    if (!isPlain(from_name)) return false;
    const skeleton = skeletonOf(from_name);
    return !OURS.some((word) => skeletonOf(word) === skeleton) &&
      this.#alike.get(skeleton)?.size === 1;
  }
}

function bareName({ from, from_name }: Speaker): string {
  return from_name === "" ? agentText(from, "") : from_name;
}

/** Whether more than the name has to be said each time. */
function isDoubtful(
  { verified, muted, removed, name_conflict }: Speaker,
): boolean {
  return !verified || muted === true || removed === true ||
    name_conflict !== undefined;
}

/** One word, shown as it is, that nobody could take for a short key. */
function isPlain(name: string): boolean {
  return name !== "" && !/\s/u.test(name) && foreignName(name) === name &&
    (!KEY_LIKE.test(name) || WORD.test(name));
}

/** As long as a short key and of its characters (base58), and a plain word of that length. */
const KEY_LIKE = /^[1-9A-HJ-NP-Za-km-z]{8}$/;
const WORD = /^[A-Z]?[a-z]+$/;

/** Skeletons of the last names that were shown: an output is made several times until it fits. */
const skeletons = new Map<string, string>();

function skeletonOf(name: string): string {
  const known = skeletons.get(name);
  if (known !== undefined) return known;
  if (skeletons.size >= MOST_NAMES) skeletons.clear();
  const skeleton = nameSkeleton(name);
  skeletons.set(name, skeleton);
  return skeleton;
}
