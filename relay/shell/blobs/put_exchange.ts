import { joined } from "../../../lib/protocol/byte_layout.ts";
import { WINDOW_BYTES } from "../../blobs/blob_port.ts";
import type { BlobReply } from "../../core/edge/blob_replies.ts";
import type { BlobLine, TransferSaid } from "./blob_client.ts";
import { EXCHANGE, Exchange } from "./exchange.ts";
import { jsonAnswer } from "./raw_answer.ts";
import { type Framing, RequestBody } from "./request_body.ts";

/** Pieces that are not written yet, at most. */
const MOST_PIECES = 64;

/** A file that comes in: a place for it, its bytes to the disk as fast as that takes them, then it is kept. */
export class PutExchange extends Exchange {
  #line: BlobLine | null = null;
  #id: string | null = null;
  #body: RequestBody | null = null;
  /** Bytes that came, and those of them that are written. */
  #came = 0;
  #taken = 0;
  /** Of what is not written, in how many pieces it came. */
  #pieces = 0;

  /** @param rest what came behind the request's head. */
  begin(framing: Framing, rest: Uint8Array): void {
    const { claim, address } = this.asked;
    this.parts.ask({
      kind: "reserve",
      claim,
      address,
      onAnswer: (reply) => this.#reserved(reply, framing, rest),
    });
  }

  /** Whether it is the other end that something is waited for from. */
  get #isTheirs(): boolean {
    return this.#body?.isDone === false && this.#came === this.#taken;
  }

  protected override get patienceMs(): number {
    return this.#isTheirs ? EXCHANGE.idleMs : EXCHANGE.ownMs;
  }

  protected override cut(): void {
    this.#line?.cancel();
    this.#drop();
  }

  protected override late(reason: string): void {
    const code = this.#isTheirs ? "BLOB_CUT" : "BLOB_STORAGE";
    this.cut();
    this.failed(code, reason);
  }

  /** The other end has said all that it says. */
  #ended(): void {
    if (this.isOver || this.#body?.isDone !== false) return;
    this.cut();
    this.failed("BLOB_CUT", "the connection ended");
  }

  #reserved(reply: BlobReply, framing: Framing, rest: Uint8Array): void {
    if (reply.kind !== "reserved") {
      if (reply.kind === "refused") this.refuse(reply);
      return;
    }
    this.#id = reply.id;
    if (this.isOver) return this.#drop();
    const { sha256, size } = this.asked.claim;
    this.#body = new RequestBody(framing);
    const name = { sha256, size, id: reply.id };
    this.#line = this.parts.files.put(name, (said) => this.#heard(said));
    if (this.#body.isDone) return this.#all();
    this.socket.on("data", (bytes) => this.#data(bytes));
    this.socket.on("end", () => this.#ended());
    this.#data(rest);
    if (!this.isOver && !this.#body.isDone) this.socket.resume();
  }

  #data(bytes: Uint8Array): void {
    const body = this.#body;
    if (body === null || this.isOver || body.isDone) return;
    if (bytes.length > 0) this.moved();
    this.#piece(gathered(body.take(bytes)));
    if (body.fault !== null) this.#wrong(body.fault);
    else if (body.isDone && !this.isOver) this.#all();
    else if (this.#isAhead(1)) this.socket.pause();
  }

  /** Whether more than this part of a window is not written yet, by bytes or by pieces. */
  #isAhead(part: number): boolean {
    return this.#came - this.#taken > part * WINDOW_BYTES ||
      this.#pieces > part * MOST_PIECES;
  }

  #piece(piece: Uint8Array): void {
    if (piece.length === 0 || this.isOver) return;
    this.#came += piece.length;
    const { size } = this.asked.claim;
    if (this.#came > size) return this.#wrong(`more than ${size} bytes came`);
    this.#pieces++;
    this.#line?.write(alone(piece));
  }

  #all(): void {
    this.socket.pause();
    this.#line?.end();
  }

  #wrong(reason: string): void {
    if (this.isOver) return;
    this.cut();
    this.failed("BLOB_MISMATCH", reason);
  }

  #heard(said: TransferSaid): void {
    if (said.type === "taken") {
      this.#taken += said.bytes;
      this.#pieces--;
      this.moved();
      const mayGoOn = !this.#isAhead(0.5) && !this.isOver;
      if (mayGoOn && this.#body?.isDone === false) {
        this.socket.resume();
      }
    } else if (said.type === "stored") this.#stored();
    else if (said.type === "failed") {
      this.#drop();
      const code = said.why === "mismatch" ? "BLOB_MISMATCH" : "BLOB_STORAGE";
      this.failed(code, said.reason);
    }
  }

  /** It is on the disk, so it is kept even where whoever sent it has gone meanwhile. */
  #stored(): void {
    this.moved();
    const id = this.#id;
    if (id === null) return;
    this.#id = null;
    this.parts.ask({
      kind: "keep",
      id,
      onAnswer: (reply) => this.#kept(reply),
    });
  }

  #kept(reply: BlobReply): void {
    if (reply.kind === "refused") return this.refuse(reply);
    if (reply.kind !== "kept") return;
    const { sha256, size } = this.asked.claim;
    const { until } = reply;
    this.answer(jsonAnswer(201, { sha256, size, until }));
  }

  #drop(): void {
    const id = this.#id;
    this.#id = null;
    if (id !== null) this.parts.ask({ kind: "drop", id });
  }
}

/** Chunks that came at once are one piece, however small they are. */
function gathered(pieces: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = pieces;
  if (more.length === 0) return first ?? new Uint8Array();
  return joined(...pieces);
}

/** Bytes that can be handed over: those that came by themselves as they are, part of others copied. */
function alone(piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = piece;
  const isAlone = buffer instanceof ArrayBuffer &&
    piece.byteLength === buffer.byteLength;
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(piece);
}
