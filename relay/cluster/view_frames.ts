import { VIEW_PIECE_BYTES } from "../view_copy/copy_port.ts";

// What relays say to one another, past the log, when one needs a copy of another's view: each message is a line of JSON,
// and in a piece the bytes behind it.

/** Subjects: who gives one?; one relay that does, by its token; the answer to one question, by its token. */
export const VIEW_SUBJECTS = {
  want: "an.view.want",
  at: (token: string) => `an.view.at.${token}`,
  to: (token: string) => `an.view.to.${token}`,
} as const;

export type ViewFrame =
  /** Who gives a copy of the view of this log? `asker` is a token. */
  | { readonly type: "want"; readonly log: string; readonly asker: string }
  /** This relay does; it is asked at its token. */
  | { readonly type: "offer"; readonly node: string; readonly at: string }
  /** It does, and gives one to another relay just now. */
  | { readonly type: "busy"; readonly node: string }
  /** A copy is wanted: answered by `making` until it is `made`. */
  | { readonly type: "open"; readonly asker: string }
  | { readonly type: "making" }
  | {
    readonly type: "made";
    /** Names this copy. */
    readonly copy: string;
    readonly size: number;
    /** Of all bytes; hex. */
    readonly sha256: string;
  }
  /** Answered by a `piece` of the same offset. */
  | { readonly type: "read"; readonly copy: string; readonly offset: number }
  | { readonly type: "piece"; readonly copy: string; readonly offset: number }
  /** It is not needed any more; without an answer. */
  | { readonly type: "close"; readonly copy: string }
  /** There is no such copy, or none can be made. */
  | { readonly type: "failed"; readonly reason: string };

/** One message, read. */
export interface ViewWords {
  readonly frame: ViewFrame;
  /** Of a piece alone. */
  readonly bytes: Uint8Array;
}

/** What is understood; what says another version is for other programs. */
const VERSION = 1;
/** Larger is no view: a hundred times what a relay keeps. */
const MOST_BYTES = 2 ** 40;
const MOST_HEAD_BYTES = 4_096;
/** Longest reason that is said, in UTF-16 units. */
export const MOST_REASON = 400;
const LINE_END = 10;
const NO_BYTES = new Uint8Array();

type Fits = (value: unknown) => boolean;

const text: Fits = (value) =>
  typeof value === "string" && value.length <= MOST_REASON;
const token: Fits = (value) =>
  typeof value === "string" && /^[A-Za-z0-9]{8,64}$/.test(value);
const name: Fits = (value) =>
  typeof value === "string" && /^[a-z0-9-]{1,32}$/.test(value);
const hash: Fits = (value) =>
  typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const count: Fits = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0;
const size: Fits = (value) =>
  count(value) && value !== 0 && (value as number) <= MOST_BYTES;

/** The fields of each kind: a new one does not compile until it stands here. */
const SHAPES: {
  readonly [Type in ViewFrame["type"]]: {
    readonly [
      Field in Exclude<
        keyof Extract<ViewFrame, { readonly type: Type }>,
        "type"
      >
    ]: Fits;
  };
} = {
  want: { log: text, asker: token },
  offer: { node: name, at: token },
  busy: { node: name },
  open: { asker: token },
  making: {},
  made: { copy: token, size, sha256: hash },
  read: { copy: token, offset: count },
  piece: { copy: token, offset: count },
  close: { copy: token },
  failed: { reason: text },
};

const utf8 = {
  encode: new TextEncoder(),
  decode: new TextDecoder("utf-8", { fatal: true }),
};

export function writeViewWords(
  frame: ViewFrame,
  bytes: Uint8Array = NO_BYTES,
): Uint8Array {
  const head = utf8.encode.encode(
    `${JSON.stringify({ v: VERSION, ...frame })}\n`,
  );
  if (bytes.length === 0) return head;
  const whole = new Uint8Array(head.length + bytes.length);
  whole.set(head);
  whole.set(bytes, head.length);
  return whole;
}

/** Any bytes go in. @returns null for what is none of these */
export function parseViewWords(whole: Uint8Array): ViewWords | null {
  const end = whole.subarray(0, MOST_HEAD_BYTES).indexOf(LINE_END);
  if (end < 0) return null;
  const frame = parseFrame(whole.subarray(0, end));
  const bytes = whole.subarray(end + 1);
  if (frame === null) return null;
  const most = frame.type === "piece" ? VIEW_PIECE_BYTES : 0;
  return bytes.length <= most ? { frame, bytes } : null;
}

function parseFrame(head: Uint8Array): ViewFrame | null {
  const value = readJson(head);
  if (typeof value !== "object" || value === null) return null;
  const { v, type, ...fields } = value as Readonly<Record<string, unknown>>;
  if (v !== VERSION || typeof type !== "string") return null;
  if (!Object.hasOwn(SHAPES, type)) return null;
  const shape: Readonly<Record<string, Fits>> =
    SHAPES[type as ViewFrame["type"]];
  const isFit = Object.entries(shape).every(([field, fits]) =>
    fits(fields[field])
  );
  return isFit ? { type, ...fields } as unknown as ViewFrame : null;
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode.decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
