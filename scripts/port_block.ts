/** Below what Linux gives outgoing connections and asked-for free ports (32768 up): one of those once held a server's port. */
const PORTS = { from: 20_000, below: 32_000 } as const;
const SIZE = 16;

/**
 * Ports on this host that no other block has, for as long as it is there: programs that are killed and started again find
 * theirs free. Its first port is listened on, which tells other processes so.
 */
export class PortBlock {
  readonly #guard: Deno.TcpListener;
  readonly #free: number[];

  private constructor(guard: Deno.TcpListener, free: number[]) {
    this.#guard = guard;
    this.#free = free;
  }

  /** @param random from 0 to below 1: with which block it begins to look. @throws Error where none is free. */
  static take(random: () => number = Math.random): PortBlock {
    const count = (PORTS.below - PORTS.from) / SIZE;
    const start = Math.floor(random() * count);
    for (let i = 0; i < count; i++) {
      const first = PORTS.from + (start + i) % count * SIZE;
      const guard = listen(first);
      if (guard === null) continue;
      const rest = Array.from({ length: SIZE - 1 }, (_, n) => first + 1 + n);
      if (rest.every(isFree)) return new PortBlock(guard, rest);
      guard.close();
    }
    throw new Error(`no ports are free from ${PORTS.from} to ${PORTS.below}`);
  }

  /** One that was not given before. @throws Error where all were */
  next(): number {
    const port = this.#free.shift();
    if (port === undefined) throw new Error(`a block has ${SIZE - 1} ports`);
    return port;
  }

  [Symbol.dispose](): void {
    this.#guard.close();
  }
}

function isFree(port: number): boolean {
  const listener = listen(port);
  listener?.close();
  return listener !== null;
}

/** Null where somebody else listens there. */
function listen(port: number): Deno.TcpListener | null {
  try {
    return Deno.listen({ hostname: "127.0.0.1", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return null;
    throw error;
  }
}
