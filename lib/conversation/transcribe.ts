import { type Clock, sleep } from "../clock.ts";
import { Failure } from "../errors.ts";
import type { LocalApi } from "../local_api/client.ts";
import type {
  FramesPage,
  FramesQuery,
  KeptEpoch,
  KeptFrame,
} from "../local_api/types/transcripts.ts";
import type { RoomName } from "../protocol/names.ts";
import {
  epochLine,
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
  /** Whether it holds in plain what was sealed. */
  readonly isPrivate: boolean;
  /** Messages of a talk whose frames are not kept any more, or were not yet. */
  readonly withoutFrame: number;
}

type TranscribeApi = Pick<
  LocalApi,
  "status" | "identity" | "frames" | "attest"
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
 * @throws {Failure} what a history fails of; NOT_SIGNED where the relay keeps no signatures; TRANSCRIPT_TOO_LARGE.
 */
export async function transcribe(
  { clock }: { readonly clock: Clock },
  api: TranscribeApi,
  wanted: TranscriptWanted,
  tell: (progress: TranscriptProgress) => void,
): Promise<Transcript> {
  const { relay } = await api.status();
  const { id: by, name } = await api.identity();
  const pages: FramesPage[] = [];
  let progress = { messages: 0, bytes: 0 };
  for await (const page of pagesOf({ clock }, api, wanted)) {
    pages.push(page);
    const { frames } = page;
    progress = {
      messages: progress.messages + frames.length,
      bytes: progress.bytes + frames.reduce((sum, one) => sum + sizeOf(one), 0),
    };
    if (progress.bytes > MOST_BYTES) throw new Failure("TRANSCRIPT_TOO_LARGE");
    tell(progress);
  }
  const { room = wanted.room, wire, with: other } = pages[0] ?? {};
  const { since } = wanted;
  const written = new Written({
    ...{ room, wire, with: other, relay, by, name },
    ...{ at: clock.wall(), since },
  });
  for (const page of pages.reverse()) written.page(page);
  if (written.messages === 0 && written.unsigned > 0) {
    throw new Failure("NOT_SIGNED", { fields: { room } });
  }
  const { messages, missing, unsigned, withoutFrame } = written;
  const end = { count: messages, chain: written.chain.hex };
  const { signature } = await api.attest(end);
  const lines = [...written.lines, footLine({ ...end, signature })];
  const isPrivate = wire !== undefined;
  return { lines, messages, missing, unsigned, isPrivate, withoutFrame };
}

/** The lines as they are made. */
class Written {
  readonly chain = new LineChain();
  readonly lines: string[] = [];
  readonly #isSealed: boolean;
  readonly #seen = new Set<string>();
  /** Hashes of the records that stand in it. */
  readonly #epochs = new Set<string>();
  messages = 0;
  missing = 0;
  unsigned = 0;
  withoutFrame = 0;
  #lastSeq: number | undefined;

  constructor(head: TranscriptHead) {
    this.#isSealed = head.wire !== undefined;
    this.#line(headLine(head));
  }

  page({ frames, epochs = [], without_frame = 0 }: FramesPage): void {
    this.withoutFrame += without_frame;
    const records = new Map(epochs.map((one) => [one.hash, one]));
    for (const one of frames) this.#frame(one, records);
  }

  #frame(one: KeptFrame, records: ReadonlyMap<string, KeptEpoch>): void {
    const { frame, seq, received_at, opened } = one;
    const isSigned = typeof frame.signature === "string" &&
      frame.signature !== "";
    if (!isSigned && opened === undefined) {
      // Of a private room's frames most are no messages.
      if (!this.#isSealed) this.unsigned++;
      return;
    }
    // Pages by time overlap by a millisecond.
    const key = `${frame.from} ${frame.id}`;
    if (this.#seen.has(key)) return;
    const before = this.#lastSeq ?? (seq ?? 0) - 1;
    if (seq !== undefined && seq <= before) return;
    const said = { frame, seq, received_at, opened };
    // One that nobody could read back is as one that was not had.
    if (!readLine(messageLine(said, this.chain.mark)).ok) return;
    this.#seen.add(key);
    if (seq !== undefined && seq > before + 1) {
      this.#hole({ from: before + 1, to: seq - 1 });
    }
    this.#record(records.get(opened?.epoch ?? ""));
    this.#line(messageLine(said, this.chain.mark));
    if (!this.#isSealed || opened !== undefined) this.messages++;
    this.#lastSeq = seq ?? this.#lastSeq;
  }

  #record(record: KeptEpoch | undefined): void {
    if (record === undefined || this.#epochs.has(record.hash)) return;
    this.#epochs.add(record.hash);
    const { author, body } = record;
    this.#line(epochLine({ author, body }, this.chain.mark));
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
  api: Pick<LocalApi, "frames">,
  { room, since = 0 }: TranscriptWanted,
): AsyncGenerator<FramesPage> {
  let query: FramesQuery | undefined = { room };
  while (query !== undefined) {
    const asked: FramesQuery = query;
    const page = await patiently({ clock }, () => api.frames(asked));
    const frames = page.frames.filter((one) => takenAt(one) >= since);
    yield { ...page, frames };
    const isOver = frames.length < page.frames.length;
    query = isOver || page.earlier === undefined
      ? undefined
      : { room, ...page.earlier };
  }
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

const takenAt = ({ received_at, timestamp }: KeptFrame) =>
  received_at ?? timestamp;

/** What a line takes in memory, about: as its frame's text, and what was sealed in that. */
function sizeOf({ frame, opened }: KeptFrame): number {
  const { text = "" } = (frame.content ?? {}) as { readonly text?: string };
  return 2 * (text.length + (opened?.text.length ?? 0)) + 1_000;
}
