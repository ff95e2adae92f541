import { isWhole } from "./head.ts";
import { type Head, streamBegan } from "./head.ts";

/** A number of a stream that was not had yet. */
export interface Hole {
  readonly stream: string;
  readonly n: number;
  /** Our wall clock when it showed. */
  readonly since: number;
}

/** The last number of a stream. */
type Last = readonly [stream: string, n: number];

/** What was had of one author in one room. */
export interface Heard {
  /** The last number of each of his streams, by his own word, oldest stream first. */
  readonly streams: readonly Last[];
  readonly holes: readonly Hole[];
  /** The last number that another has said of him, up to which there are holes or were. */
  readonly hearsay?: Last;
  /** Our wall clock when two daemons were last seen to use his key. */
  readonly twoAt?: number;
}

export const NOTHING_HEARD: Heard = { streams: [], holes: [] };

/** Since when everything of the room was to reach us, and now; our wall clock. */
export interface Since {
  readonly joinedAt: number;
  readonly now: number;
}

const MOST_STREAMS = 8;
const MOST_HOLES = 1_000;
/** So far above an author's own word another is believed: what he says can't be checked. */
const MOST_HEARSAY = 100;
/** How far apart two hosts' clocks may be for what is said here. */
const SLACK_MS = 120_000;
/** A stream that goes on so long after a newer one began belongs to a second daemon. */
const TWO_MS = 5_000;

/** Takes note of a message that was opened. */
export function heardMessage(
  heard: Heard,
  { stream, n, at }: Pick<Head, "stream" | "n" | "at">,
  since: Since,
): Heard {
  const holes = heard.holes.filter((hole) =>
    hole.stream !== stream || hole.n !== n
  );
  const last = [stream, n] as const;
  const next = upTo({ ...heard, holes }, { last, below: n }, since);
  const newest = heard.streams.at(-1)?.[0];
  const known = heard.streams.some(([name]) => name === stream);
  const isTwo = known && newest !== undefined && newest !== stream &&
    at > streamBegan(newest) + TWO_MS;
  return isTwo ? { ...next, twoAt: since.now } : next;
}

/**
 * Takes note of what somebody else had of this author: what is missing here, and nothing more. A stream of which the
 * author himself said nothing yet is believed once, and no number far above his own word: anybody can make them up.
 */
export function heardOf(
  heard: Heard,
  [stream, n]: Last,
  { joinedAt, now }: Since,
): Heard {
  const { streams, hearsay } = heard;
  const began = streamBegan(stream);
  const newest = streams.at(-1)?.[0];
  const own = streams.find(([name]) => name === stream)?.[1];
  const isNew = own === undefined && began >= joinedAt + SLACK_MS &&
    began <= now + SLACK_MS && hearsay === undefined &&
    (newest === undefined || began > streamBegan(newest));
  const isGoingOn = hearsay?.[0] === stream;
  if (own === undefined && !isNew && !isGoingOn) return heard;
  const told = Math.max(own ?? 0, isGoingOn ? hearsay[1] : 0);
  if (n <= told || n > (own ?? 0) + MOST_HEARSAY) return heard;
  return {
    ...withHoles(heard, { stream, from: told + 1, to: n, now }),
    hearsay: [stream, n],
  };
}

/** Takes note of how far an author himself says that a stream of his went. */
export function heardUpTo(
  heard: Heard,
  [stream, n]: Last,
  since: Since,
): Heard {
  return upTo(heard, { last: [stream, n], below: n + 1 }, since);
}

/** Every number of a stream below one that was not had is a hole. */
function upTo(
  heard: Heard,
  { last: [stream, n], below }: { readonly last: Last; readonly below: number },
  { joinedAt, now }: Since,
): Heard {
  const known = heard.streams.find(([name]) => name === stream);
  if (known === undefined && streamBegan(stream) < joinedAt + SLACK_MS) {
    // What was said of it before we came is not missed.
    return withStream(heard, [stream, n]);
  }
  const [had, told] = [known, heard.hearsay].map((last) =>
    last?.[0] === stream ? last[1] : 0
  ) as [number, number];
  if (n <= had) return heard;
  const from = Math.max(had + 1, told + 1, below - MOST_HOLES);
  const next = withStream(heard, [stream, n]);
  return withHoles(next, { stream, from, to: below - 1, now });
}

function withHoles(
  heard: Heard,
  { stream, from, to, now }: {
    readonly stream: string;
    readonly from: number;
    readonly to: number;
    readonly now: number;
  },
): Heard {
  const holes = Array.from(
    { length: Math.max(0, to - from + 1) },
    (_, at) => ({ stream, n: from + at, since: now }),
  );
  return { ...heard, holes: [...heard.holes, ...holes].slice(-MOST_HOLES) };
}

/** What others said of an earlier stream is over once the author himself has a newer one. */
function withStream(heard: Heard, [stream, n]: Last): Heard {
  const { streams, hearsay, ...rest } = heard;
  const isOld = streams.some(([name]) => name === stream);
  const all = isOld
    ? streams.map((one) => one[0] === stream ? [stream, n] as const : one)
    : [...streams, [stream, n] as const];
  const isHearsayOver = hearsay !== undefined && hearsay[0] !== stream &&
    streamBegan(hearsay[0]) <= streamBegan(stream);
  return {
    ...rest,
    streams: all.toSorted(([a], [b]) => streamBegan(a) - streamBegan(b))
      .slice(-MOST_STREAMS),
    ...(hearsay === undefined || isHearsayOver ? {} : { hearsay }),
  };
}

/** The holes that have stood so long that they are gaps, and what is heard without them. */
export function overdue(
  heard: Heard,
  { now, afterMs }: { readonly now: number; readonly afterMs: number },
): { readonly heard: Heard; readonly lost: number } {
  const holes = heard.holes.filter(({ since }) => now - since < afterMs);
  const lost = heard.holes.length - holes.length;
  return { heard: lost === 0 ? heard : { ...heard, holes }, lost };
}

/** Reads what {@link JSON.stringify} wrote of it; nothing heard where it is none. */
export function parseHeard(text: string): Heard {
  const value = parsed(text);
  const { streams, holes, hearsay, twoAt } = value ?? {};
  if (!Array.isArray(streams) || !Array.isArray(holes)) return NOTHING_HEARD;
  return {
    streams,
    holes,
    ...(Array.isArray(hearsay) ? { hearsay: hearsay as unknown as Last } : {}),
    ...(isWhole(twoAt) ? { twoAt } : {}),
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
