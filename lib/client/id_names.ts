import type {
  MemberJoined,
  MemberLeft,
  RoomJoined,
} from "../protocol/frames.ts";

/**
 * Names by agent id, from what a relay says of members: a live message of a Go relay names no author
 * (protocol.md section 7). Names are claims.
 */
export class IdNames {
  readonly #names = new Map<string, string>();
  readonly #most: number;

  /** @param most how many are kept before the one longest unheard of goes. */
  constructor(most = 10_000) {
    this.#most = most;
  }

  get(id: string): string | undefined {
    return this.#names.get(id);
  }

  learn(frame: RoomJoined | MemberJoined | MemberLeft): void {
    if (frame.type !== "room.joined") {
      return this.#set(frame.agent.id, frame.agent.name);
    }
    for (const { id, name } of frame.members) this.#set(id, name);
  }

  #set(id: string, name: string): void {
    this.#names.delete(id);
    this.#names.set(id, name);
    if (this.#names.size <= this.#most) return;
    const oldest = this.#names.keys().next();
    if (!oldest.done) this.#names.delete(oldest.value);
  }
}
