import type { FromObjects, ToObjects } from "./objects_port.ts";
import { OBJECT_PIECE_BYTES } from "./objects_port.ts";
import type { ReadFile } from "./blob_folder.ts";

/** The part of a MessagePort that is needed here. */
export interface ObjectsPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
  close(): void;
}

type WithoutCall<T> = T extends unknown ? Omit<T, "call"> : never;
type Question = WithoutCall<ToObjects>;

interface Asked {
  readonly resolve: (answer: FromObjects) => void;
  readonly reject: (error: Error) => void;
}

/** The servers have no such file, or not all of it. */
export class ObjectMissing extends Error {}

/** The files of a cluster's relays, which the servers of its log keep for all of them. */
export class SharedObjects {
  #port: ObjectsPort | null = null;
  readonly #asked = new Map<number, Asked>();
  #last = 0;

  /** The port to a worker that was just started, in place of any before it: what had no answer failed. */
  connect(port: ObjectsPort): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#heard(data as FromObjects);
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) {
      reject(new Error("the connection to the log's servers began anew"));
    }
  }

  /** Returns once the servers have all of it. @throws Error where they don't. */
  async store(id: string, file: ReadFile): Promise<void> {
    for (let piece = 0;; piece++) {
      const bytes = await readPiece(file);
      if (bytes === null) return;
      await this.#ask({ type: "store", id, piece, bytes });
    }
  }

  /** The bytes of a file, in order. @throws ObjectMissing; Error where the servers don't answer. */
  async *load(id: string, size: number): AsyncGenerator<Uint8Array> {
    const pieces = Math.ceil(size / OBJECT_PIECE_BYTES);
    let after = 0;
    for (let piece = 0; piece < pieces; piece++) {
      const answer = await this.#ask({ type: "load", id, piece, after });
      if (answer.type !== "loaded") return;
      after = answer.place;
      yield answer.bytes;
    }
  }

  /** Which files the servers have. */
  async ids(): Promise<readonly string[]> {
    const answer = await this.#ask({ type: "ids" });
    return answer.type === "ids" ? answer.ids : [];
  }

  /** These are nobody's. */
  async purge(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#ask({ type: "purge", ids });
  }

  #ask(question: Question): Promise<FromObjects> {
    return new Promise((resolve, reject) => {
      if (this.#port === null) {
        return reject(new Error("no connection to the log's servers yet"));
      }
      const call = ++this.#last;
      this.#asked.set(call, { resolve, reject });
      const handed = question.type === "store" ? [question.bytes.buffer] : [];
      this.#port.postMessage({ ...question, call }, handed as Transferable[]);
    });
  }

  #heard(answer: FromObjects): void {
    const asked = this.#asked.get(answer.call);
    this.#asked.delete(answer.call);
    if (asked === undefined) return;
    if (answer.type !== "failed") return asked.resolve(answer);
    const { isMissing, reason } = answer;
    asked.reject(isMissing ? new ObjectMissing(reason) : new Error(reason));
  }
}

/** As many bytes as make a piece, fewer at the end; null behind it. */
async function readPiece(file: ReadFile): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(OBJECT_PIECE_BYTES);
  let filled = 0;
  while (filled < bytes.length) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return filled === 0 ? null : bytes.slice(0, filled);
}
