import type {
  PowChannel,
  PowCommand,
  PowReport,
} from "../../lib/pow/search_messages.ts";

type Listener = (event: MessageEvent) => void;

/** A channel whose far end is the test: what was sent, and what it hears. */
export class FakeChannel<Out> implements PowChannel<Out> {
  readonly sent: Out[] = [];
  readonly #listeners = new Set<Listener>();
  /** Set to make `postMessage` throw. */
  broken = false;

  get listeners(): number {
    return this.#listeners.size;
  }

  postMessage(message: Out): void {
    if (this.broken) throw new Error("the far end is gone");
    this.sent.push(message);
  }

  addEventListener(_type: "message", listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "message", listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** The far end says `data`. */
  say(data: unknown): void {
    for (const listener of [...this.#listeners]) {
      listener(new MessageEvent("message", { data }));
    }
  }
}

/** Each kind of report, its id left out. */
type WithoutId<R> = R extends unknown ? Omit<R, "id"> : never;

/** The pool's side of a fake solver worker. */
export class FakeSolver extends FakeChannel<PowCommand> {
  /** Answers the search sent last. */
  answer(report: WithoutId<PowReport>): void {
    const solve = this.sent.findLast((command) => command.type === "solve");
    this.say({ ...report, id: solve?.id });
  }
}
