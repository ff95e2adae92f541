import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import {
  FEATURES,
  type Hello,
  type HelloPow,
} from "../../../lib/protocol/frames.ts";
import { TIMES } from "../../../lib/protocol/limits.ts";
import { answers, challenge } from "./challenges.ts";
import type { Connection, Stage } from "./connection.ts";
import type { EdgeState } from "./edge_state.ts";
import { CLOSE, type Now } from "../events.ts";
import { limited } from "../refusals.ts";
import { frameText, type Refusal } from "../replies.ts";
import { composed } from "../texts.ts";

/** The handshake (protocol.md sections 3 and 10): who may become an agent of this relay, and how. */
export class Admission {
  readonly #state: EdgeState;

  constructor(state: EdgeState) {
    this.#state = state;
  }

  /** A hello whose signature fits. */
  hello(conn: Connection, hello: Hello, now: Now): void {
    const refusal = this.#blocked(conn, now) ??
      this.#tries(conn, now) ??
      this.#helloRefusal(hello, now);
    if (refusal !== null) return this.turnAway(conn, refusal, hello.nonce);
    this.#state.nonces.note(hello.profile.id, hello);
    const options = { difficulty: this.#difficulty, now };
    conn.features = new Set(hello.features);
    conn.stage = {
      kind: "pow",
      hello,
      challenge: challenge(this.#state, conn, options),
    };
  }

  /** A `hello.pow` whose signature fits the hello's agent. */
  helloPow(conn: Connection, frame: HelloPow, now: Now): void {
    const { stage } = conn;
    if (stage.kind !== "pow") {
      return this.turnAway(conn, denied("no challenge is open"));
    }
    const { id } = stage.hello.profile;
    const refusal = this.#blocked(conn, now) ?? this.#mayBeIn(id, now);
    if (refusal !== null) return this.turnAway(conn, refusal);
    if (
      !answers(frame.pow, stage.challenge, {
        difficulty: this.#difficulty,
        now,
      })
    ) {
      return this.failed(conn, "the proof of work does not fit", now);
    }
    this.#state.limits.countLogin(id, now.mono);
    const full = this.#state.nonces.keep(id, stage.hello, now.wall);
    if (full !== null) return this.turnAway(conn, full);
    this.#enter(conn, stage, now);
  }

  /** The login was taken: the agent is in. */
  entered(conn: Connection): void {
    conn.stage = { kind: "in" };
    this.#state.effects.add({
      kind: "entered",
      conn: conn.id,
      agent: conn.agent,
    });
    const { history, direct, blobs, relayName } = this.#state.settings;
    const features = FEATURES.filter((feature) =>
      (feature !== "history" || history !== "off") &&
      (feature !== "direct" || direct) &&
      (feature !== "blobs" || blobs !== null)
    );
    this.#state.send(
      conn,
      frameText({ type: "welcome", relay: relayName, features }),
    );
  }

  /** A login failed by a bad signature or proof: counted against its address. */
  failed(conn: Connection, message: string, now: Now, ref?: string): void {
    this.#state.failedLogins.count(conn.address, now.mono);
    this.turnAway(conn, denied(message), ref);
  }

  /** Answers a handshake gone wrong: the error, then the end. */
  turnAway(conn: Connection, refusal: Refusal, ref?: string): void {
    this.#state.refuse(conn, refusal, ref);
    this.#end(conn, CLOSE.policy, "login refused");
  }

  /** Ends those who take too long: 10 s for the hello, 60 s for the proof, 90 s of silence later on. */
  sweep(now: Now): void {
    for (const conn of this.#state.connections.values()) {
      const late = lateness(conn, now.mono);
      if (late === null) continue;
      if (conn.isIn) {
        this.drop(conn, { code: CLOSE.silent, reason: late, now });
      } else this.turnAway(conn, denied(late));
    }
  }

  /** Ends the logins under way of those who may not be in by now. */
  recheck(): void {
    for (const conn of this.#state.connections.values()) {
      if (conn.stage.kind !== "pow") continue;
      const refusal = this.#listRefusal(conn.stage.hello.profile.id);
      if (refusal !== null) this.turnAway(conn, refusal);
    }
  }

  /** Ends a connection from this side; its rooms hear of it now, not when the socket is gone. */
  drop(
    conn: Connection,
    why: { readonly code: number; readonly reason: string; readonly now: Now },
  ): void {
    this.forget(conn, why.now);
    this.#state.close(conn, why.code, why.reason);
  }

  /** Forgets a connection and all that is keyed by it. */
  forget(conn: Connection, now: Now): void {
    this.#state.connections.delete(conn.id);
    conn.deferred = [];
    if (conn.agent !== "") this.#state.submitDrop(conn, now);
  }

  get #difficulty(): number {
    return this.#state.settings.difficulty.login;
  }

  #end(conn: Connection, code: number, reason: string): void {
    this.#state.connections.delete(conn.id);
    this.#state.close(conn, code, reason);
  }

  #helloRefusal(hello: Hello, now: Now): Refusal | null {
    const { id } = hello.profile;
    if (!isAgentId(id)) return denied("profile.id is not an agent's key");
    return this.#originRefusal(hello) ??
      this.#state.nonces.check(id, hello, now.wall) ??
      this.#mayBeIn(id, now);
  }

  /** Looked at again when the proof comes: lists and counts may have changed meanwhile. */
  #mayBeIn(id: string, now: Now): Refusal | null {
    const refusal = this.#listRefusal(id);
    if (refusal !== null) return refusal;
    const wait = this.#state.limits.loginWait(id, now.mono);
    return wait > 0
      ? limited("too many logins of this agent in this minute", wait)
      : null;
  }

  /** Counts a login that is tried, whatever comes of it. */
  #tries(conn: Connection, now: Now): Refusal | null {
    const wait = this.#state.limits.hello(conn.address, now.mono);
    return wait > 0
      ? limited("too many logins from this address in this minute", wait)
      : null;
  }

  #blocked(conn: Connection, now: Now): Refusal | null {
    const { address } = conn;
    const wait = this.#state.failedLogins.blockedFor(address, now.mono);
    if (wait === 0) return null;
    const message = "too many failed logins from this address";
    return { code: "RATE_LIMITED", message, retryAfterMs: wait };
  }

  /** Protocol.md section 10: a login meant for another relay. */
  #originRefusal(hello: Hello): Refusal | null {
    const { publicUrl, requireOrigin } = this.#state.settings;
    if (hello.relay === undefined) {
      return requireOrigin ? denied("the hello names no relay") : null;
    }
    if (publicUrl === undefined || hrefOf(hello.relay) === publicUrl) {
      return null;
    }
    return denied("the hello is meant for another relay");
  }

  #listRefusal(id: string): Refusal | null {
    return this.#state.admits(id)
      ? null
      : denied("this relay does not admit this agent");
  }

  #enter(
    conn: Connection,
    { hello }: Extract<Stage, { kind: "pow" }>,
    now: Now,
  ): void {
    const { id, name } = hello.profile;
    conn.stage = { kind: "entering" };
    conn.agent = id;
    this.#state.submit(conn, {
      op: "login",
      conn: conn.id,
      agent: id,
      name: composed(name),
      features: [...conn.features],
      address: conn.address,
      nonce: hello.nonce,
      timestamp: hello.timestamp,
    }, now);
  }
}

function denied(message: string): Refusal {
  return { code: "AUTH_FAILED", message };
}

function hrefOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).href : null;
}

/** Why a connection has to go, or null. One that waits for the relay is never late. */
function lateness(conn: Connection, mono: number): string | null {
  const { stage } = conn;
  if (stage.kind === "hello") {
    return mono - conn.openedAt > TIMES.hello ? "no hello within 10 s" : null;
  }
  if (stage.kind === "pow") {
    return mono > stage.challenge.expires ? "no proof within 60 s" : null;
  }
  if (conn.pending > 0) return null;
  return mono - conn.lastHeard > TIMES.silence ? "silent for 90 s" : null;
}
