import type { Clock } from "../../lib/clock.ts";
import { ALL_SOCKETS } from "../shell/descriptors.ts";
import type { ListenAddress } from "./listen_address.ts";
import type { Call } from "./listener_watch.ts";

/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 1_000;
/** Descriptors that a process must have to spare: a part of what the sockets leave to all else. */
const SPARE = 16;

export interface OwnCallOptions {
  readonly address: ListenAddress;
  readonly clock: Clock;
  /** Whether the process's limit of open files is known; else the free ones are counted once, past what a relay needs. */
  readonly isLimitKnown: boolean;
}

/** Calls at the relay's own address. */
export function ownCall(options: OwnCallOptions): () => Promise<Call> {
  let { isLimitKnown } = options;
  const spare = () => {
    const most = isLimitKnown ? SPARE : ALL_SOCKETS;
    isLimitKnown = true;
    return fewerThan(most);
  };
  return () => callSelf(options, spare);
}

/**
 * Asks the relay at its own address for its health. Whatever comes, the end of the connection too, is of somebody who
 * accepts. Where nobody does, it also looks whether descriptors are the reason. Never rejects.
 */
async function callSelf(
  { address, clock }: OwnCallOptions,
  spare: () => number | null,
): Promise<Call> {
  const late = Promise.withResolvers<false>();
  const timer = clock.after(ANSWER_MS, () => late.resolve(false));
  const open: Deno.Conn[] = [];
  try {
    const asked = ask(reachable(address), open);
    const isHeard = await Promise.race([asked, late.promise]);
    return { isHeard, spare: isHeard ? null : spare() };
  } finally {
    timer.cancel();
    for (const connection of open) connection.close();
  }
}

async function ask(
  address: ListenAddress,
  open: Deno.Conn[],
): Promise<boolean | null> {
  try {
    const connection = await Deno.connect(address);
    open.push(connection);
    const request = "GET /health HTTP/1.1\r\nhost: localhost\r\n" +
      "connection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    await connection.read(new Uint8Array(64));
    return true;
  } catch (error) {
    if (isOutOfDescriptors(error)) return null;
    // Accepted, and ended before it was answered.
    return error instanceof Deno.errors.ConnectionReset;
  }
}

/** Counts the free descriptors, where they are fewer than a relay can need; else null. */
export function countSpare(): number | null {
  return fewerThan(ALL_SOCKETS);
}

/** How many descriptors are free, where they are fewer than so many; else null. */
function fewerThan(most: number): number | null {
  const files: Deno.FsFile[] = [];
  try {
    while (files.length < most) files.push(Deno.openSync(Deno.execPath()));
    return null;
  } catch (error) {
    return isOutOfDescriptors(error) ? files.length : null;
  } finally {
    for (const file of files) file.close();
  }
}

/** EMFILE is of this process, ENFILE of the whole system. */
function isOutOfDescriptors(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "EMFILE" || code === "ENFILE";
}

/** An address that listens everywhere is reached on loopback. */
function reachable({ hostname, port }: ListenAddress): ListenAddress {
  if (hostname === "0.0.0.0") return { hostname: "127.0.0.1", port };
  return hostname === "::" ? { hostname: "::1", port } : { hostname, port };
}
