import { freeBytes } from "../../../lib/free_bytes.ts";
import { WINDOW_BYTES } from "../../blobs/blob_port.ts";
import type { BlobReply } from "../../core/edge/blob_replies.ts";
import type { BlobLine, TransferSaid } from "./blob_client.ts";
import { EXCHANGE, Exchange } from "./exchange.ts";
import { rawHead } from "./raw_answer.ts";

/** A file that goes out: from the disk as fast as whoever wants it reads. */
export class GetExchange extends Exchange {
  #line: BlobLine | null = null;
  #until = 0;
  #isHead = false;
  /** The head has left: what fails from here on can only be cut. */
  #hasBegun = false;

  /** @param isHead whether the head alone is wanted. */
  begin(isHead: boolean): void {
    this.#isHead = isHead;
    const { claim, address } = this.asked;
    this.socket.resume();
    this.parts.ask({
      kind: "find",
      claim,
      address,
      onAnswer: (reply) => this.#found(reply),
    });
  }

  protected override get patienceMs(): number {
    return this.#hasBegun ? EXCHANGE.idleMs : EXCHANGE.ownMs;
  }

  protected override cut(): void {
    this.#line?.cancel();
    this.#line = null;
  }

  protected override late(reason: string): void {
    this.cut();
    if (this.#hasBegun) this.#reset();
    else this.failed("BLOB_STORAGE", reason);
  }

  #found(reply: BlobReply): void {
    if (this.isOver) return;
    if (reply.kind !== "found") {
      if (reply.kind === "refused") this.refuse(reply);
      return;
    }
    const { sha256, size } = this.asked.claim;
    const { id, until } = reply;
    this.#until = until;
    this.#line = this.parts.files.get(
      { sha256, size, id },
      (said) => this.#heard(said),
    );
  }

  #heard(said: TransferSaid): void {
    if (this.isOver) return;
    this.moved();
    if (said.type === "opened") this.#opened();
    else if (said.type === "bytes") {
      this.#send(said.bytes);
    } else if (said.type === "ended") this.#ended();
    else if (said.type === "failed") {
      this.#line = null;
      if (this.#hasBegun) return this.#reset();
      const code = said.why === "missing" ? "BLOB_NOT_FOUND" : "BLOB_STORAGE";
      this.failed(code, said.reason);
    }
  }

  #opened(): void {
    this.#hasBegun = true;
    this.socket.write(rawHead({ status: 200, headers: this.#headers() }));
    if (!this.#isHead) return this.#line?.more(WINDOW_BYTES);
    this.cut();
    this.#ended();
  }

  /** Nothing that its sender said: a browser that was led here shows and runs nothing. */
  #headers(): Readonly<Record<string, string | number>> {
    return {
      "content-type": "application/octet-stream",
      "content-length": this.asked.claim.size,
      "content-disposition": "attachment",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
      "x-blob-until": this.#until,
    };
  }

  #send(bytes: Uint8Array): void {
    const { length } = bytes;
    this.socket.write(bytes, () => {
      freeBytes(bytes);
      this.#sent(length);
    });
  }

  #sent(bytes: number): void {
    if (this.isOver) return;
    this.moved();
    this.#line?.more(bytes);
  }

  #ended(): void {
    this.over(200);
    this.socket.end(() => this.socket.destroy());
  }

  #reset(): void {
    this.over(200);
    this.socket.resetAndDestroy();
  }
}
