import { createHash } from "node:crypto";
import type { FileApi } from "../../lib/local_api/agent_api.ts";
import type { Failure } from "../../lib/errors.ts";
import type { FileWanted, TakenFile } from "../../lib/local_api/types/files.ts";
import type { MessageQuery } from "../../lib/local_api/types/mailbox.ts";
import type { AttachedFile } from "../../lib/protocol/attached_file.ts";
import { joined } from "../../lib/protocol/byte_layout.ts";

export const sha256Of = (bytes: Uint8Array) =>
  createHash("sha256").update(bytes).digest("hex");

/** Files behind the local API: what came in, and what a test put in. */
export class FakeFiles implements FileApi {
  /** What was taken in last. */
  taken: Uint8Array = new Uint8Array();
  /** What `give` gives, in pieces. */
  given: readonly Uint8Array[] = [];
  /** Thrown behind the last of them. */
  ends: Failure | undefined;
  /** Thrown by `take` once all was taken. */
  refuses: Failure | undefined;
  readonly #changed: (name: string, input: unknown) => void;

  constructor(changed: (name: string, input: unknown) => void) {
    this.#changed = changed;
  }

  async *take(
    wanted: FileWanted,
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<number, TakenFile> {
    this.#changed("take", wanted);
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part.slice());
    this.taken = joined(...parts);
    if (this.refuses !== undefined) throw this.refuses;
    yield this.taken.length;
    const { name, size } = wanted;
    const sha256 = sha256Of(this.taken);
    return { upload: "0".repeat(32), name, size, sha256, until: 1 };
  }

  async *give(
    query: MessageQuery,
    _signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, AttachedFile> {
    this.#changed("give", query);
    for (const piece of this.given) yield await Promise.resolve(piece);
    if (this.ends !== undefined) throw this.ends;
    const whole = joined(...this.given);
    return { name: "a.txt", size: whole.length, sha256: sha256Of(whole) };
  }
}
