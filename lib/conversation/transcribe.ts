import { type Clock, sleep } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type {
  HistoryMessage,
  HistoryPage,
  HistoryQuery,
} from "../local_api/types.ts";
import { WIRE } from "../protocol/limits.ts";
import type { RoomName } from "../protocol/names.ts";
import {
  footLine,
  headLine,
  LineChain,
  messageLine,
  missingLine,
  readLine,
  type TranscriptHead,
  type TranscriptHole,
} from "../transcript/transcript_lines.ts";

/** What a transcript is made of. */
export interface TranscriptWanted {
  readonly room: RoomName;
  /** Only what the relay took from then on; milliseconds since 1970. */
  readonly since?: number;
}

/** How far it is. */
export interface TranscriptProgress {
  readonly messages: number;
  readonly bytes: number;
}

/** A transcript, and how many messages it holds. */
export interface Transcript {
  /** Without their line feeds. */
  readonly lines: readonly string[];
  readonly messages: number;
  /** Messages that the relay numbers and did not give, or gave with a signature that is not their author's. */
  readonly missing: number;
  /** Messages that carry no signature, and are left out. */
  readonly unsigned: number;
}

type TranscribeApi = Pick<
  LocalApi,
  "status" | "identity" | "history" | "attest"
>;

/** It is held in memory until it is written. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Pause where the relay gives no more pages for now and does not say for how long, in milliseconds. */
const PAUSE_MS = 5_000;

/**
 * Makes a transcript of what a relay keeps of a room (protocol.md section 13): the newest page first, as a relay gives
 * them, then all of it oldest first. Where the relay gives no more pages for now, it waits.
 *
 * @param tell called after each page.
 * @throws {Failure} what a history fails of; NOT_SIGNED where the relay keeps no signatures; TRANSCRIPT_PRIVATE;
 *   TRANSCRIPT_TOO_LARGE.
 */
export async function transcribe(
  { clock }: { readonly clock: Clock },
  api: TranscribeApi,
  wanted: TranscriptWanted,
  tell: (progress: TranscriptProgress) => void,
): Promise<Transcript> {
  const { relay, rooms } = await api.status();
  const here = rooms.find((one) => one.name === wanted.room);
  if (here?.private) {
    const { room } = wanted;
    throw new Failure("TRANSCRIPT_PRIVATE", { fields: { room } });
  }
  const { id: by, name } = await api.identity();
  const pages: (readonly HistoryMessage[])[] = [];
  let progress = { messages: 0, bytes: 0 };
  for await (const page of pagesOf({ clock }, api, wanted)) {
    pages.push(page);
    progress = {
      messages: progress.messages + page.length,
      bytes: progress.bytes + page.reduce((sum, one) => sum + sizeOf(one), 0),
    };
    if (progress.bytes > MOST_BYTES) throw new Failure("TRANSCRIPT_TOO_LARGE");
    tell(progress);
  }
  const { room, since } = wanted;
  const head = { room, relay, by, name, at: clock.wall(), since };
  const written = new Written(head);
  for (const page of pages.reverse()) {
    for (const message of page) written.add(message);
  }
  if (written.messages === 0 && written.unsigned > 0) {
    throw new Failure("NOT_SIGNED", { fields: { room } });
  }
  const { messages, missing, unsigned } = written;
  const end = { count: messages, chain: written.chain.hex };
  const { signature } = await api.attest(end);
  const lines = [...written.lines, footLine({ ...end, signature })];
  return { lines, messages, missing, unsigned };
}

/** The lines as they are made. */
class Written {
  readonly chain = new LineChain();
  readonly lines: string[] = [];
  readonly #seen = new Set<string>();
  messages = 0;
  missing = 0;
  unsigned = 0;
  #lastSeq: number | undefined;

  constructor(head: TranscriptHead) {
    this.#line(headLine(head));
  }

  add(message: HistoryMessage): void {
    const { frame, seq, received_at, signature } = message;
    if (frame === undefined || signature === undefined) {
      this.unsigned++;
      return;
    }
    // Pages by time overlap by a millisecond.
    const key = `${message.from} ${frame.id}`;
    if (this.#seen.has(key)) return;
    const before = this.#lastSeq ?? (seq ?? 0) - 1;
    if (seq !== undefined && seq <= before) return;
    const line = messageLine({ frame, seq, received_at }, this.chain.mark);
    // One that nobody could read back is as one that was not had.
    if (!readLine(line).ok) return;
    this.#seen.add(key);
    if (seq !== undefined && seq > before + 1) {
      this.#hole({ from: before + 1, to: seq - 1 });
      this.#line(
        messageLine({ frame, seq, received_at }, this.chain.mark),
      );
    } else this.#line(line);
    this.messages++;
    this.#lastSeq = seq ?? this.#lastSeq;
  }

  #hole(hole: TranscriptHole): void {
    this.missing += hole.to - hole.from + 1;
    this.#line(missingLine(hole, this.chain.mark));
  }

  #line(line: string): void {
    this.chain.add(line);
    this.lines.push(line);
  }
}

/** A room's past from its newest page back. */
async function* pagesOf(
  { clock }: { readonly clock: Clock },
  api: Pick<LocalApi, "history">,
  { room, since = 0 }: TranscriptWanted,
): AsyncGenerator<readonly HistoryMessage[]> {
  let query: HistoryQuery | null = {
    ...{ room, limit: WIRE.historyPage, frames: true },
  };
  while (query !== null) {
    const { messages, has_more }: HistoryPage = await patiently(
      { clock },
      () => api.history(query as HistoryQuery),
    );
    const wanted = messages.filter((one) => takenAt(one) >= since);
    yield wanted;
    const isOver = !has_more || wanted.length < messages.length;
    query = isOver ? null : queryBefore(query, messages[0]);
  }
}

/** The page before this one; null where that leads nowhere. */
function queryBefore(
  query: HistoryQuery,
  oldest: HistoryMessage | undefined,
): HistoryQuery | null {
  if (oldest === undefined) return null;
  const { before_seq = Infinity, before = Infinity, ...rest } = query;
  const { seq, timestamp } = oldest;
  if (seq !== undefined) {
    return seq < before_seq ? { ...rest, before_seq: seq } : null;
  }
  // One millisecond is read twice, so that messages of the same one aren't lost.
  const at = timestamp + 1 < before ? timestamp + 1 : timestamp;
  return at < before ? { ...rest, before: at } : null;
}

/** Again where the relay takes no more questions for now. */
async function patiently<T>(
  { clock }: { readonly clock: Clock },
  ask: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (thrown) {
      const isLater = thrown instanceof Failure &&
        thrown.code === "RATE_LIMITED";
      if (!isLater) throw thrown;
      await sleep(clock, thrown.retryAfterMs ?? PAUSE_MS);
    }
  }
}

const takenAt = ({ received_at, timestamp }: HistoryMessage) =>
  received_at ?? timestamp;

/** What a message takes in memory, about. */
const sizeOf = ({ text }: HistoryMessage) => 2 * text.length + 1_000;
