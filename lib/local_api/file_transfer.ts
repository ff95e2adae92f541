import type { Clock } from "../clock.ts";
import { Failure, type FailureJson } from "../errors.ts";
import type { AttachedFile } from "../protocol/attached_file.ts";
import { CutOff } from "./cut_off.ts";
import { readPieces } from "./file_stream.ts";
import { cutLoopback } from "./loopback.ts";
import type {
  Stream,
  StreamedAnswer,
  StreamRequest,
} from "./loopback_stream.ts";
import type { DaemonPlace } from "./locate.ts";
import type { FileWanted, TakenFile } from "./types/files.ts";
import type { MessageQuery } from "./types/mailbox.ts";
import { Unproven } from "./unproven.ts";

/** Files to the daemon, and from it. Both reject with a `Failure` and nothing else, but for what the caller's own throw. */
export interface FileTransfer {
  /** @param tell called with how many bytes are at the relay, now and then */
  put(
    wanted: FileWanted,
    content: AsyncIterable<Uint8Array>,
    tell: (sent: number) => void,
  ): Promise<TakenFile>;
  /** @param write given the file piece by piece; that it is the right one is known at the end */
  get(
    query: MessageQuery,
    write: (piece: Uint8Array) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<AttachedFile>;
}

/** What takes longer without a byte is given up, in milliseconds: longer than the daemon waits for the relay. */
const STALL_MS = 60_000;

/** The files' part of the API of the daemon at a place. */
export function fileTransfer(
  { address, token, as }: DaemonPlace,
  { stream, clock }: {
    readonly stream: Stream;
    readonly clock: Pick<Clock, "after">;
  },
): FileTransfer {
  const ask = async <T>(
    query: Readonly<Record<string, string>>,
    how: Omit<StreamRequest, "token" | "signal"> & {
      readonly signal?: AbortSignal | undefined;
    },
    read: (answer: StreamedAnswer) => Promise<T>,
  ): Promise<T> => {
    const stall = new AbortController();
    const start = () =>
      clock.after(STALL_MS, () => stall.abort(new CutOff(null)));
    let timer = start();
    const moved = () => {
      timer.cancel();
      timer = start();
    };
    const url = `http://${address}/v2/file?${new URLSearchParams(query)}`;
    try {
      const { signal: given, ...request } = how;
      const signal = given === undefined
        ? stall.signal
        : AbortSignal.any([given, stall.signal]);
      const answer = await stream(url, { ...request, token, signal });
      return await read({ ...answer, body: told(answer.body, moved) });
    } catch (error) {
      throw await failureOf(error, { address, as });
    } finally {
      timer.cancel();
    }
  };
  return {
    put: ({ room, name, size }, content, tell) =>
      ask(
        { room, name, size: `${size}` },
        { method: "PUT", body: { size, pieces: content } },
        (answer) => outcome(answer, tell),
      ),
    get: ({ id, from = "", room = "" }, write, signal) =>
      ask(
        {
          id,
          ...(from === "" ? {} : { from }),
          ...(room === "" ? {} : { room }),
        },
        { method: "GET", signal },
        (answer) => written(answer, write),
      ),
  };
}

/** Of lines of JSON the last one. */
async function outcome(
  { status, body }: StreamedAnswer,
  tell: (sent: number) => void,
): Promise<TakenFile> {
  let text = "";
  const decoder = new TextDecoder();
  let last: Outcome<TakenFile> = {};
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      last = JSON.parse(line);
      if (typeof last.sent === "number") tell(last.sent);
    }
  }
  return fileOf(last, status);
}

async function written(
  { status, body }: StreamedAnswer,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<AttachedFile> {
  if (status !== 200) {
    return fileOf(JSON.parse(await textOf(body)), status);
  }
  const pieces = readPieces(body);
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done) return fileOf(value as Outcome<AttachedFile>, status);
      await write(value);
    }
  } finally {
    await pieces.return(null);
  }
}

interface Outcome<File> {
  readonly sent?: number;
  readonly file?: File;
  readonly error?: FailureJson;
}

function fileOf<File>({ file, error }: Outcome<File>, status: number): File {
  if (error !== undefined) throw Failure.fromJson(error);
  if (file !== undefined) return file;
  throw new SyntaxError(`HTTP ${status} without an outcome`);
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

async function* told(
  body: AsyncIterable<Uint8Array>,
  moved: () => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    moved();
    yield piece;
  }
}

async function failureOf(
  error: unknown,
  fields: { readonly address: string; readonly as: string | undefined },
): Promise<unknown> {
  if (error instanceof Failure) return error;
  const cut = await cutLoopback(error);
  if (cut !== null) return cut;
  if (error instanceof Unproven) {
    return new Failure("NOT_THE_DAEMON", { fields, cause: error });
  }
  if (error instanceof CutOff || error instanceof SyntaxError) {
    const reason = "the daemon broke off while it moved the file";
    return new Failure("NOT_CONNECTED", { fields: { reason }, cause: error });
  }
  return error instanceof Deno.errors.ConnectionRefused
    ? new Failure("NO_DAEMON", { fields, cause: error })
    : error;
}
