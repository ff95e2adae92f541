import type { Clock } from "../../lib/clock.ts";
import type { Dial } from "../../lib/client/transport.ts";
import { decodeAgentFrame } from "../../lib/protocol/decode_agent_frame.ts";
import {
  type AgentFrame,
  FEATURES,
  type RawObject,
  unreachable,
} from "../../lib/protocol/frames.ts";
import { checkProof } from "../../lib/protocol/pow.ts";
import { signedBytes } from "../../lib/protocol/signing.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { fakeDial, type FakeTransport } from "./fake_transport.ts";

/** Answers a frame in place of the relay; returns true when the relay is to go on as usual. */
export type Override = (
  frame: AgentFrame,
  line: FakeTransport,
) => boolean | void;

export interface ScriptedRelayOptions {
  readonly clock: Clock;
  /** "go": no features, silence for what is accepted. "ack": all features of protocol.md section 7. */
  readonly kind: "go" | "ack";
  readonly difficulty?: { readonly login: number; readonly create: number };
}

/**
 * A little relay in memory for one agent. It checks signatures and proofs for real and answers at once, in order;
 * whatever a test wants otherwise stands in `overrides`.
 */
export class ScriptedRelay {
  readonly #options: ScriptedRelayOptions;
  readonly #verifier = new Verifier();
  readonly #difficulty: { readonly login: number; readonly create: number };
  readonly overrides = new Map<AgentFrame["type"], Override>();
  /** Every frame that came, with the raw object. */
  readonly frames: { readonly frame: AgentFrame; readonly raw: RawObject }[] =
    [];
  readonly transports: FakeTransport[] = [];
  readonly dial: Dial;
  readonly rooms = new Set<string>();
  #agent = "";
  #challenges = 0;
  #seq = 0;

  constructor(options: ScriptedRelayOptions) {
    this.#options = options;
    this.#difficulty = options.difficulty ?? { login: 4, create: 6 };
    this.dial = fakeDial((transport) => {
      this.transports.push(transport);
      transport.onSend = (text) => this.#take(text, transport);
    });
  }

  /** The newest line. */
  get line(): FakeTransport {
    const line = this.transports.at(-1);
    if (line === undefined) throw new Error("nobody dialled");
    return line;
  }

  /** The frames of one type that came, oldest first. */
  of<T extends AgentFrame["type"]>(
    type: T,
  ): Extract<AgentFrame, { type: T }>[] {
    return this.frames.map(({ frame }) => frame).filter((
      frame,
    ): frame is Extract<AgentFrame, { type: T }> => frame.type === type);
  }

  /** Never answers frames of this type. */
  mute(type: AgentFrame["type"]): void {
    this.overrides.set(type, () => {});
  }

  /** Refuses frames of this type; with `ref` on an ack relay, as it does. */
  refuse(type: AgentFrame["type"], error: object): void {
    this.overrides.set(type, (frame, line) => {
      line.deliver({
        type: "error",
        message: "",
        ...error,
        ...this.ref(frame),
      });
    });
  }

  ref(frame: AgentFrame): { readonly ref?: string } {
    if (this.#options.kind === "go") return {};
    if ("id" in frame) return { ref: frame.id };
    return "nonce" in frame ? { ref: frame.nonce } : {};
  }

  #take(text: string, line: FakeTransport): void {
    const decoded = decodeAgentFrame(text);
    if (!decoded.ok) return this.#error(line, decoded.fault);
    const { frame, raw } = decoded;
    this.frames.push({ frame, raw });
    const goOn = this.overrides.get(frame.type)?.(frame, line) ?? false;
    if (this.overrides.has(frame.type) && !goOn) return;
    if (frame.type === "hello") this.#agent = frame.profile.id;
    if ("signature" in frame && !this.#isSigned(frame.signature, raw)) {
      return this.#error(line, { code: "AUTH_FAILED", message: "signature" });
    }
    this.#answer(frame, line);
  }

  #isSigned(signature: string, raw: RawObject): boolean {
    return this.#verifier.verify(this.#agent, signature, signedBytes(raw));
  }

  #answer(frame: AgentFrame, line: FakeTransport): void {
    switch (frame.type) {
      case "ping":
        return line.deliver({ type: "pong" });
      case "hello":
        return this.#challenge(line, this.#difficulty.login);
      case "hello.pow":
        return this.#welcome(frame, line);
      case "room.create":
        return this.#create(frame, line);
      case "room.join":
        return this.#joined(frame.room, line);
      case "room.leave":
        this.rooms.delete(frame.room);
        return;
      case "rooms.list":
        return line.deliver({
          type: "rooms.list.result",
          rooms: [...this.rooms].map((name) => ({ name, tags: null })),
          has_more: false,
        });
      case "message":
        if (this.#options.kind === "ack") this.ack(frame.id, line);
        return;
      case "room.history":
        return line.deliver({
          type: "room.history.result",
          room: frame.room,
          messages: [],
          has_more: false,
        });
      case "direct":
        if (this.#options.kind === "ack") this.ack(frame.id, line);
        return;
      case "direct.ack":
      case "marks":
      case "presence":
        return;
      case "room.presence": {
        const { room } = frame;
        const type = "room.presence.result";
        return line.deliver({ type, room, members: [] });
      }
      default:
        unreachable(frame);
    }
  }

  ack(id: string, line = this.line): void {
    line.deliver({
      type: "message.ack",
      id,
      seq: ++this.#seq,
      received_at: Math.trunc(this.#options.clock.wall()),
    });
  }

  #challenge(line: FakeTransport, difficulty: number): void {
    line.deliver({
      type: "pow.challenge",
      challenge: `challenge${++this.#challenges}`,
      difficulty,
      expires: Math.trunc(this.#options.clock.wall()) + 60_000,
    });
  }

  #welcome(
    frame: Extract<AgentFrame, { type: "hello.pow" }>,
    line: FakeTransport,
  ): void {
    if (!checkProof(frame.pow, this.#difficulty.login)) {
      return this.#error(line, { code: "AUTH_FAILED", message: "proof" });
    }
    line.deliver({
      type: "welcome",
      relay: "test relay",
      ...(this.#options.kind === "ack" ? { features: FEATURES } : {}),
    });
  }

  #create(
    frame: Extract<AgentFrame, { type: "room.create" }>,
    line: FakeTransport,
  ): void {
    if (frame.pow === undefined) {
      return this.#challenge(line, this.#difficulty.create);
    }
    if (!checkProof(frame.pow, this.#difficulty.create)) {
      return this.#error(line, { code: "AUTH_FAILED", message: "proof" });
    }
    this.#joined(frame.room, line);
  }

  #joined(room: string, line: FakeTransport): void {
    this.rooms.add(room);
    line.deliver({
      type: "room.joined",
      room,
      topic: "",
      tags: null,
      members: [{ id: this.#agent, name: "me", joined_at: 1 }],
    });
  }

  #error(line: FakeTransport, error: object): void {
    line.deliver({ type: "error", ...error });
  }
}
