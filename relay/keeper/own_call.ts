import type { Clock } from "../../lib/clock.ts";
import type { ListenAddress } from "./listen_address.ts";
import type { Call } from "./listener_watch.ts";

/** How long an answer may take, in milliseconds. */
const ANSWER_MS = 1_000;

/**
 * Asks the relay at its own address for its health. Whatever comes, the end of the connection too, is of somebody who
 * accepts. Never rejects.
 */
export async function callSelf(
  address: ListenAddress,
  clock: Clock,
): Promise<Call> {
  const { hostname, port } = address;
  const late = Promise.withResolvers<Call>();
  const timer = clock.after(ANSWER_MS, () => late.resolve("unheard"));
  const open: Deno.Conn[] = [];
  try {
    const asked = ask({ hostname: reachable(hostname), port }, open);
    return await Promise.race([asked, late.promise]);
  } finally {
    timer.cancel();
    late.resolve("unheard");
    for (const connection of open) connection.close();
  }
}

async function ask(
  address: ListenAddress,
  open: Deno.Conn[],
): Promise<Call> {
  try {
    const connection = await Deno.connect(address);
    open.push(connection);
    const request = "GET /health HTTP/1.1\r\nhost: localhost\r\n" +
      "connection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    await connection.read(new Uint8Array(64));
    return "heard";
  } catch (error) {
    return callOf(error);
  }
}

/** EMFILE of this process, ENFILE of the whole system. */
const NO_DESCRIPTOR = new Set(["EMFILE", "ENFILE"]);

function callOf(error: unknown): Call {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const isOut = typeof code === "string"
    ? NO_DESCRIPTOR.has(code)
    : /too many open files/i.test(String(message));
  if (isOut) return "no descriptor";
  // Accepted, and ended before it was answered.
  return error instanceof Deno.errors.ConnectionReset ? "heard" : "unheard";
}

/** An address that listens everywhere is reached on loopback. */
function reachable(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}
