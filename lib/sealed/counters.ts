import { isWhole } from "./head.ts";
import { type Head, streamBegan } from "./head.ts";

/** A number of a stream that was not had yet. */
export interface Hole {
  readonly stream: string;
  readonly n: number;
  /** Our wall clock when it showed. */
  readonly since: number;
}

/** What was had of one author in one room. */
export interface Heard {
  /** The last number of each of his streams, oldest stream first. */
  readonly streams: readonly (readonly [stream: string, n: number])[];
  readonly holes: readonly Hole[];
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
  const next = upTo({ ...heard, holes }, { stream, n }, { ...since, upto: n });
  const newest = heard.streams.at(-1)?.[0];
  const known = heard.streams.some(([name]) => name === stream);
  const isTwo = known && newest !== undefined && newest !== stream &&
    at > streamBegan(newest) + TWO_MS;
  return isTwo ? { ...next, twoAt: since.now } : next;
}

/** Takes note of what somebody else had of this author. */
export function heardOf(
  heard: Heard,
  seen: { readonly stream: string; readonly n: number },
  since: Since,
): Heard {
  return upTo(heard, seen, { ...since, upto: seen.n + 1 });
}

/** Every number below `upto` that was not had is a hole. */
function upTo(
  heard: Heard,
  { stream, n }: { readonly stream: string; readonly n: number },
  { joinedAt, now, upto }: Since & { readonly upto: number },
): Heard {
  const known = heard.streams.find(([name]) => name === stream);
  if (known === undefined && streamBegan(stream) < joinedAt + SLACK_MS) {
    // What was said of it before we came is not missed.
    return { ...heard, streams: withStream(heard, stream, n) };
  }
  const had = known?.[1] ?? 0;
  if (n <= had) return heard;
  const first = Math.max(had + 1, upto - MOST_HOLES);
  const holes = Array.from(
    { length: Math.max(0, upto - first) },
    (_, at) => ({ stream, n: first + at, since: now }),
  );
  return {
    ...heard,
    streams: withStream(heard, stream, n),
    holes: [...heard.holes, ...holes].slice(-MOST_HOLES),
  };
}

function withStream(
  { streams }: Heard,
  stream: string,
  n: number,
): Heard["streams"] {
  const others = streams.filter(([name]) => name !== stream);
  const isOld = others.length < streams.length;
  const all = isOld
    ? streams.map((one) => one[0] === stream ? [stream, n] as const : one)
    : [...others, [stream, n] as const];
  return all
    .toSorted(([a], [b]) => streamBegan(a) - streamBegan(b))
    .slice(-MOST_STREAMS);
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
  const { streams, holes, twoAt } = value ?? {};
  if (!Array.isArray(streams) || !Array.isArray(holes)) return NOTHING_HEARD;
  return {
    streams,
    holes,
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
