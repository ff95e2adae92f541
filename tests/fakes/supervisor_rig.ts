import { WAKE_DEFAULT } from "../../lib/local_api/wake_policy.ts";
import { SessionSupervisor } from "../../daemon/keeper/session_supervisor.ts";
import type { SessionInit } from "../../daemon/worker/keeper_messages.ts";
import type { Signing } from "../../daemon/keeper/signer.ts";
import { Failure } from "../../lib/errors.ts";
import { createLogger } from "../../lib/log.ts";
import { FakeClock } from "./fake_clock.ts";
import { FakeWorker } from "./fake_worker.ts";

export const MEGABYTE = 1024 * 1024;

/** The keeper's side of a session worker that a test plays. */
export class SupervisorRig {
  /** Settles the signature of the frame "slow". */
  readonly slow = Promise.withResolvers<Signing>();
  readonly clock = new FakeClock();
  readonly lives: FakeWorker[] = [];
  readonly ports: number[] = [];
  readonly solvers: string[] = [];
  readonly endsWanted: string[] = [];
  readonly givenUp: string[] = [];
  readonly lines: string[] = [];
  bytes = 80 * MEGABYTE;
  readonly workers = new SessionSupervisor({
    session: {
      settings: {
        relayUrls: ["wss://relay.example.org/v1/ws"],
        agentId: "A0",
        agentName: "ada",
        version: "0.1.0",
        buffer: 10,
        queueForMs: 1,
        brakes: true,
        receipts: "shown",
        wake: WAKE_DEFAULT,
      },
      api: { hostname: "127.0.0.1", port: 9900 },
      token: "t",
      databasePath: "/d/state/mailbox.db",
      filesPath: "/d/state/files",
      pid: 7,
      heldBy: "daemon",
      startedAt: 1,
      warnings: ["w"],
      posts: [],
      isAnyPort: false,
    },
    start: () => {
      this.lives.push(new FakeWorker());
      return this.last;
    },
    signer: {
      sign: (frame) => this.sign(frame),
      attest: ({ chain }) => this.sign(chain),
      blob: () => Promise.resolve({ ok: true, token: "t" }),
      invite: ({ room }) =>
        Promise.resolve(
          room === "tea"
            ? { ok: true, invite: "invitation" }
            : { ok: false, reason: "no room" },
        ),
    },
    keys: {
      answer: (question) =>
        Promise.resolve(
          question === "pair" as unknown
            ? { ok: true, answer: true }
            : { ok: false, failure: new Failure("INTERNAL").toJson() },
        ),
    },
    solvers: {
      borrow: () => {
        this.solvers.push("borrow");
        return [];
      },
      giveBack: () => void this.solvers.push("giveBack"),
      reclaim: () => void this.solvers.push("reclaim"),
      stop: () => void this.solvers.push("stop"),
    },
    clock: this.clock,
    log: createLogger({
      format: "text",
      level: "debug",
      write: (line) => void this.lines.push(line),
      wall: () => 0,
    }),
    memory: {
      read: () => this.bytes,
      overRestingBytes: 100 * MEGABYTE,
    },
    onListening: (port) => void this.ports.push(port),
    onEndWanted: (end) => void this.endsWanted.push(end),
    onGivenUp: ({ message }) => void this.givenUp.push(message),
  });

  get last(): FakeWorker {
    return this.lives.at(-1) as FakeWorker;
  }

  sign(frame: unknown): Promise<Signing> {
    if (frame === "slow") return this.slow.promise;
    return Promise.resolve(
      frame === "good"
        ? { ok: true, signature: "sig" }
        : { ok: false, reason: "no frame" },
    );
  }

  get init(): SessionInit {
    return this.last.posted[0] as SessionInit;
  }

  async listening(port = 9900): Promise<void> {
    const started = this.workers.start();
    this.last.beat();
    this.last.say({ type: "listening", port });
    await started;
  }

  async live(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      this.last.beat();
      await this.clock.advance(1_000);
    }
  }
}
