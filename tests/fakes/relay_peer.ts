import type { Buffer } from "node:buffer";
import { WebSocket } from "ws";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import { solve } from "../../lib/pow/solver.ts";
import type { PeerIdentity } from "./fast_identity.ts";
import { defined } from "../../lib/defined.ts";

/** A frame as it came. */
export type Heard = RawObject & { readonly type: string };

export interface PeerOptions {
  readonly identity: PeerIdentity;
  readonly name?: string;
  readonly features?: readonly string[];
  /** The loopback address that it comes from; 127.0.0.1 if none is named. */
  readonly localAddress?: string;
  readonly headers?: Record<string, string>;
  /** Certificate that a wss:// relay is checked against, PEM. */
  readonly ca?: string;
}

/** How long an answer may take in a test before it counts as missing, in milliseconds. */
const ANSWER_MS = 30_000;

let counter = 0;

/** A nonce that no other call of this process has made. */
export function freshNonce(): string {
  return `n${(counter++).toString(36)}x${
    Math.floor(Math.random() * 2 ** 40).toString(36)
  }`;
}

/** A peer of a relay that speaks the wire as told, right or wrong: for tests of a running relay. */
export class RelayPeer {
  readonly identity: PeerIdentity;
  readonly socket: WebSocket;
  readonly heard: Heard[] = [];
  /** Called for each frame instead of keeping it, once set. */
  onFrame: ((frame: Heard) => void) | null = null;
  /** Called for each frame's text, which is then not even parsed, once set. */
  onText: ((text: string) => void) | null = null;
  closed: { code: number; reason: string } | null = null;
  #wake: () => void = () => {};
  #seen = 0;

  private constructor(socket: WebSocket, identity: PeerIdentity) {
    this.socket = socket;
    this.identity = identity;
    socket.on("message", (data: Buffer) => this.#frame(data));
    socket.on("close", (code: number, reason: Buffer) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on("error", () => this.#wake());
  }

  /** Opens a line and says nothing. */
  static async open(url: string, options: PeerOptions): Promise<RelayPeer> {
    const { localAddress = "127.0.0.1", headers = {}, ca } = options;
    const socket = new WebSocket(url, {
      localAddress,
      headers,
      ...defined({ ca }),
      perMessageDeflate: false,
      maxPayload: 2 ** 24,
    });
    const peer = new RelayPeer(socket, options.identity);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return peer;
  }

  /** Opens a line and logs in. */
  static async login(url: string, options: PeerOptions): Promise<RelayPeer> {
    const peer = await RelayPeer.open(url, options);
    peer.signed({
      type: "hello",
      profile: {
        id: options.identity.id,
        name: options.name ?? "peer",
        version: "1",
      },
      ...defined({ features: options.features && [...options.features] }),
    });
    const challenge = await peer.next("pow.challenge");
    peer.sign({ type: "hello.pow", pow: await prove(challenge) });
    await peer.next("welcome");
    return peer;
  }

  /** Sends text as it is. */
  text(frame: string): void {
    this.socket.send(frame);
  }

  /** Signs and sends as it is. */
  sign(frame: RawObject): void {
    this.text(JSON.stringify(signFrame(frame, this.identity.sign)));
  }

  /** Adds nonce and time, signs and sends. */
  signed(frame: RawObject): void {
    this.sign({ nonce: freshNonce(), timestamp: Date.now(), ...frame });
  }

  /** A signed message frame as text, to be sent later. */
  message(
    room: string,
    text: string,
    id: string = crypto.randomUUID(),
  ): string {
    return JSON.stringify(signFrame({
      type: "message",
      id,
      room,
      from: this.identity.id,
      content: { type: "text", text },
      timestamp: Date.now(),
      nonce: freshNonce(),
    }, this.identity.sign));
  }

  /** The next frame of the type, or an error frame where that is not what was asked for; others are passed over. */
  async next(type: string): Promise<Heard> {
    const frame = await this.nextWhere((each) =>
      each.type === type || each.type === "error"
    );
    if (frame.type !== type) throw new Error(`${frame.code}: ${frame.message}`);
    return frame;
  }

  /** The next frame that fits. */
  async nextWhere(fits: (frame: Heard) => boolean): Promise<Heard> {
    const deadline = performance.now() + ANSWER_MS;
    while (true) {
      while (this.#seen < this.heard.length) {
        const frame = this.heard[this.#seen++] as Heard;
        if (fits(frame)) return frame;
      }
      if (this.closed !== null) {
        throw new Error(`closed: ${this.closed.code} ${this.closed.reason}`);
      }
      await this.#wait(deadline - performance.now());
    }
  }

  /** Creates a room, proof included. */
  async create(
    room: string,
    facts: { readonly topic?: string; readonly tags?: readonly string[] } = {},
  ): Promise<Heard> {
    const frame = { type: "room.create", room, topic: "", tags: [], ...facts };
    this.signed(frame);
    const challenge = await this.next("pow.challenge");
    this.signed({ ...frame, pow: await prove(challenge) });
    return await this.next("room.joined");
  }

  async join(room: string): Promise<Heard> {
    this.signed({ type: "room.join", room });
    return await this.next("room.joined");
  }

  /** Waits until everything sent so far has its outcome. */
  async pong(): Promise<void> {
    this.text('{"type":"ping"}');
    await this.next("pong");
  }

  close(): void {
    this.socket.close();
  }

  async ended(): Promise<{ code: number; reason: string }> {
    const deadline = performance.now() + 60_000;
    while (this.closed === null) await this.#wait(deadline - performance.now());
    return this.closed;
  }

  #frame(data: Buffer): void {
    if (this.onText !== null) return this.onText(data.toString());
    const frame = JSON.parse(data.toString()) as Heard;
    if (this.onFrame !== null) this.onFrame(frame);
    else {
      this.heard.push(frame);
      this.#wake();
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error("no answer in time")),
        Math.max(0, ms),
      );
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Answers a challenge frame. */
export async function prove(
  challenge: Heard,
): Promise<{ challenge: string; proof: string }> {
  const text = String(challenge.challenge);
  const found = await solve(text, Number(challenge.difficulty));
  if (!found.ok) throw new Error(found.reason);
  return { challenge: text, proof: found.proof };
}
