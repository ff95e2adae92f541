import type { Socket } from "node:net";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import { socketsBeside } from "./descriptors.ts";
import type { ListenerNews } from "./worker_messages.ts";

/** Sockets of all kinds, in all and from one address that is no trusted proxy. */
const MOST = 24_000;
const MOST_PER_ADDRESS = 12_000;
/** Sockets past which they are many, and down to which they are again few. */
const MANY = 32;
const FEW = 16;
/** From saying that it is full to saying so again. */
const SAY_AGAIN_MS = 60_000;

export interface OpenSocketsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Sockets that the process has descriptors for. */
  readonly mostSockets: number;
  /** There came to be many sockets, or few again; said first when the relay listens. */
  readonly crowded: (isCrowded: boolean) => void;
}

/** The sockets that are open: how many there may be, in all and of one address, and whether they are many. */
export class OpenSockets {
  readonly #options: OpenSocketsOptions;
  readonly #sockets = new Set<Socket>();
  readonly #byAddress = new Map<string, number>();
  #most: number;
  #isCrowded = false;
  /** A flood is no reason to flood the log. */
  #silentUntil = -Infinity;

  constructor(options: OpenSocketsOptions) {
    this.#options = options;
    this.#most = this.#promised;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** @param address what it counts as; null for a trusted proxy. @returns whether there is a place for it, until it closes */
  add(socket: Socket, address: string | null): boolean {
    if (!this.#hasPlace(address)) {
      this.#tellFull();
      return false;
    }
    this.#sockets.add(socket);
    this.#lookAtCrowd();
    this.#count(address, 1);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#lookAtCrowd();
      this.#count(address, -1);
    });
    return true;
  }

  /** The relay listens. */
  tellCrowd(): void {
    this.#options.crowded(this.#isCrowded);
  }

  /** Descriptors are few, or free again. A limit that nobody could tell is learned by running into it. */
  descriptors(
    { kind, descriptors }: Exclude<ListenerNews, { kind: "unheard" }>,
  ): void {
    const room = descriptors === null
      ? Infinity
      : socketsBeside(this.#sockets.size, descriptors);
    const most = Math.min(room, this.#promised);
    const { log } = this.#options;
    if (kind === "spare" && most < this.#most) {
      log.warn("fewer connections are taken from now on", { most });
    } else if (kind === "spare_again" && most > this.#most) {
      log.info("more connections are taken again", { most });
    } else return;
    this.#most = most;
  }

  /** Ends every one that is left. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Sockets that are taken while descriptors suffice. */
  get #promised(): number {
    return Math.min(MOST, this.#options.mostSockets);
  }

  #hasPlace(address: string | null): boolean {
    const ofAddress = address === null ? 0 : this.#byAddress.get(address) ?? 0;
    return this.#sockets.size < this.#most && ofAddress < MOST_PER_ADDRESS;
  }

  #lookAtCrowd(): void {
    const { size } = this.#sockets;
    const isOther = this.#isCrowded ? size <= FEW : size > MANY;
    if (!isOther) return;
    this.#isCrowded = !this.#isCrowded;
    this.tellCrowd();
  }

  #tellFull(): void {
    const { clock, log } = this.#options;
    const most = this.#most;
    const now = clock.monotonic();
    if (this.#sockets.size < most || now < this.#silentUntil) return;
    this.#silentUntil = now + SAY_AGAIN_MS;
    log.warn("all connections are taken; more are refused", { most });
  }

  #count(address: string | null, change: number): void {
    if (address === null) return;
    const count = (this.#byAddress.get(address) ?? 0) + change;
    if (count > 0) this.#byAddress.set(address, count);
    else this.#byAddress.delete(address);
  }
}
