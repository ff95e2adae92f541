/** Lets what concerns one name happen one after the other, in the order of the calls. */
export class TurnsByName {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones of that name have ended, however they did. */
  run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const turn = before.then(task, task);
    this.#last.set(name, turn);
    const forget = () => {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    };
    turn.then(forget, forget);
    return turn;
  }
}
