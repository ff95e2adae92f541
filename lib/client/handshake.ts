import type { Clock } from "../clock.ts";
import { Failure } from "../errors.ts";
import type {
  Feature,
  PowChallenge,
  RelayFrame,
  Welcome,
} from "../protocol/frames.ts";
import { TIMES } from "../protocol/limits.ts";
import { abortable } from "./abortable.ts";
import type { ClockSkew } from "./clock_skew.ts";
import { closedInLogin } from "./connection_end.ts";
import type { ConnectionEvents, FindProof } from "./connection_types.ts";
import type { Inbox } from "./inbox.ts";
import type { Outgoing } from "./outgoing.ts";
import { prove } from "./proving.ts";
import { relayFailure } from "./relay_failure.ts";
import { TimeLimit } from "./time_limit.ts";

export interface HandshakeOptions {
  readonly url: string;
  readonly features: readonly Feature[];
  readonly inbox: Inbox;
  readonly outgoing: Outgoing;
  readonly skew: ClockSkew;
  readonly clock: Clock;
  readonly findProof: FindProof;
  readonly events: ConnectionEvents;
  readonly signal: AbortSignal;
}

/**
 * Logs in on an open transport (protocol.md section 3): at most 10 s, and 20 s for the proof.
 *
 * @throws Failure: the relay's refusal, NOT_CONNECTED, POW_TOO_HARD or POW_TIMEOUT; the signal's reason.
 */
export async function handshake(options: HandshakeOptions): Promise<Welcome> {
  const limit = new TimeLimit(options.clock, {
    ms: TIMES.hello,
    failure: () => broken("the relay did not end the login within 10 s"),
  });
  try {
    return await new Handshake(options, limit).run();
  } finally {
    limit.pause();
  }
}

class Handshake {
  readonly #options: HandshakeOptions;
  readonly #limit: TimeLimit;
  readonly #signal: AbortSignal;

  constructor(options: HandshakeOptions, limit: TimeLimit) {
    this.#options = options;
    this.#limit = limit;
    this.#signal = AbortSignal.any([options.signal, limit.signal]);
  }

  async run(): Promise<Welcome> {
    const { url, features, outgoing, clock, skew } = this.#options;
    const hello = await this.#within(outgoing.hello(url, features));
    const askedAt = clock.monotonic();
    this.#send(hello.text);
    const answer = await this.#within(this.#answer(isChallengeOrWelcome));
    if (answer.type === "welcome") return answer;
    skew.note(answer.expires - TIMES.challenge, askedAt);
    return await this.#answerChallenge(answer);
  }

  /** Reads on while it searches: a relay that gives up in the meantime ends the search. */
  async #answerChallenge(challenge: PowChallenge): Promise<Welcome> {
    const searching = new AbortController();
    const welcome = this.#within(this.#answer(isWelcome));
    const sent = this.#sendProof(challenge, searching.signal);
    try {
      await Promise.race([sent, welcome]);
      return await welcome;
    } finally {
      searching.abort();
    }
  }

  async #sendProof(
    challenge: PowChallenge,
    searching: AbortSignal,
  ): Promise<void> {
    const { clock, findProof, events, outgoing } = this.#options;
    this.#limit.pause();
    const signal = AbortSignal.any([this.#signal, searching]);
    events.proving?.(challenge.difficulty);
    const pow = await prove(challenge, {
      purpose: "login",
      clock,
      findProof,
      signal,
    });
    this.#limit.resume();
    const frame = await this.#within(outgoing.helloPow(pow));
    this.#send(frame.text);
  }

  /** The next frame that is wanted; others are dropped, an error or the end of the line is thrown. */
  async #answer<T extends RelayFrame>(
    isWanted: (frame: RelayFrame) => frame is T,
  ): Promise<T> {
    const { inbox, events } = this.#options;
    for (;;) {
      const event = await inbox.next();
      if (event.kind === "ended") throw closedInLogin(event.end);
      if (event.kind === "too_large") throw broken("a frame over 1 MB");
      if (event.kind === "overrun") continue;
      if (isWanted(event.frame)) return event.frame;
      if (event.frame.type === "error") {
        throw relayFailure(event.frame, { handshake: true });
      }
      events.dropped(`unexpected ${event.frame.type}`);
    }
  }

  /** On a line that closed meanwhile nothing is sent: its end, read next, says why. */
  #send(frame: string): void {
    this.#options.inbox.send(frame);
  }

  #within<T>(promise: Promise<T>): Promise<T> {
    return abortable(promise, this.#signal);
  }
}

function isWelcome(frame: RelayFrame): frame is Welcome {
  return frame.type === "welcome";
}

function isChallengeOrWelcome(
  frame: RelayFrame,
): frame is PowChallenge | Welcome {
  return frame.type === "pow.challenge" || isWelcome(frame);
}

function broken(reason: string): Failure {
  return new Failure("NOT_CONNECTED", { fields: { reason } });
}
