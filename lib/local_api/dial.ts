/** Opens a connection; by default with the runtime. */
export type Connect = (options: Deno.ConnectOptions) => Promise<Deno.Conn>;

/**
 * Opens a connection to the daemon at a loopback address. A listener that closes while a connection waits to be taken
 * resets it, and the system may tell so while it is still being opened, or, when the runtime asks right after that who
 * is at its other end, that nobody is: nobody took it, no more than where nobody listened at all.
 *
 * @throws {Deno.errors.ConnectionRefused} when nobody listens, or does not any more; other errors of `Deno.errors`.
 */
export async function dialLoopback(
  { hostname, port }: Pick<URL, "hostname" | "port">,
  connect: Connect = Deno.connect,
): Promise<Deno.Conn> {
  try {
    return await connect({
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port),
    });
  } catch (error) {
    if (!isLetGo(error)) throw error;
    const words = "the listener closed before it took the connection";
    throw new Deno.errors.ConnectionRefused(words, { cause: error });
  }
}

/** What the system says of it: ECONNRESET, ECONNABORTED, ENOTCONN. */
function isLetGo(error: unknown): boolean {
  const { ConnectionReset, ConnectionAborted, NotConnected } = Deno.errors;
  return [ConnectionReset, ConnectionAborted, NotConnected]
    .some((kind) => error instanceof kind);
}
