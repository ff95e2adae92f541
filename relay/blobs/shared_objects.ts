import type { FromObjects, ToObjects } from "./objects_port.ts";
import { OBJECT_PIECE_BYTES } from "./objects_port.ts";
import {
  type CallPort,
  PortCalls,
  type WithoutCall,
} from "../../lib/port_calls.ts";
import type { ReadFile } from "./blob_folder.ts";

/** The servers have no such file, or not all of it. */
export class ObjectMissing extends Error {}

/** The files of a cluster's relays, which the servers of its log keep for all of them. */
export class SharedObjects {
  readonly #calls = new PortCalls<ToObjects, FromObjects>();

  /** The port to a worker that was just started, in place of any before it: what had no answer failed. */
  connect(port: CallPort): void {
    this.#calls.connect(
      port,
      "the connection to the log's servers began anew",
    );
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

  async #ask(question: WithoutCall<ToObjects>): Promise<FromObjects> {
    const handed = question.type === "store" ? [question.bytes.buffer] : [];
    const answer = await this.#calls.ask(question, handed as Transferable[]);
    if (answer.type !== "failed") return answer;
    const { isMissing, reason } = answer;
    throw isMissing ? new ObjectMissing(reason) : new Error(reason);
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
