import { Failure } from "../../../lib/errors.ts";
import type {
  FramesPage,
  FramesQuery,
  KeptFrame,
} from "../../../lib/local_api/types/transcripts.ts";
import { parseObject } from "../../../lib/protocol/decode.ts";
import type { RawObject } from "../../../lib/protocol/frames.ts";
import { toBase64 } from "../../../lib/sealed/sealed_text.ts";
import { MOST_SALTS } from "../../../lib/sealed/key_questions.ts";
import type { StoredState } from "../stored_state.ts";
import type { PairSealer, SealedWord } from "./pair_sealer.ts";

export interface TalkPastOptions {
  readonly stored: Pick<StoredState, "peers" | "talkFrames">;
  readonly sealer: Pick<PairSealer, "openKept">;
}

/** A talk's past as both signed it: no relay keeps it, this agent does. */
export class TalkPast {
  readonly #options: TalkPastOptions;

  constructor(options: TalkPastOptions) {
    this.#options = options;
  }

  /** One page; a message's number here stands for the relay's. Rejects with a `Failure`, NOT_IN_ROOM where there is no such talk. */
  async page({ room, before_seq }: FramesQuery): Promise<FramesPage> {
    const { stored: { peers, talkFrames }, sealer } = this.#options;
    const peer = peers.named(room);
    if (peer === undefined) {
      throw new Failure("NOT_IN_ROOM", { fields: { room } });
    }
    const before = before_seq ?? Number.MAX_SAFE_INTEGER;
    const rows = talkFrames.page(room, before, MOST_SALTS);
    const raws = rows.map(({ frame = "" }) => parseObject(frame, SCAN));
    const words = raws.map((one) => one.ok ? wordOf(one.raw) : null);
    const opened = await sealer.openKept(peer, words);
    const frames = rows.flatMap(({ timestamp }, at): KeptFrame[] => {
      const [raw, one] = [raws[at], opened[at]];
      if (!raw?.ok || one === undefined) return [];
      const { content: { text }, key } = one;
      const known = { text, key: toBase64(key) };
      return [{ frame: raw.raw, timestamp, opened: known }];
    });
    const [first] = rows.length === MOST_SALTS ? rows : [];
    return {
      ...{ room, wire: peer.wire, with: peer.agent, frames },
      ...(frames.length < rows.length
        ? { without_frame: rows.length - frames.length }
        : {}),
      ...(first === undefined ? {} : { earlier: { before_seq: first.cursor } }),
    };
  }
}

const SCAN = { wholeNumbers: false } as const;

function wordOf({ from, id, content }: RawObject): SealedWord {
  const { text } = (content ?? {}) as RawObject;
  return { from: `${from}`, id: `${id}`, text: `${text}` };
}
