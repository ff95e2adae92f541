import { Failure } from "../errors.ts";

/** A port on which hardly anybody listens; whether somebody does tells nothing. */
const ANY_PORT = 9;

/** Connects to loopback; by default with the runtime. */
type Connect = (options: Deno.ConnectOptions) => Promise<{ close(): void }>;

/**
 * What a failed connection to loopback says of a sandbox that cuts it: the system does not let us (EPERM, EACCES), or
 * has no such network (ENETUNREACH), neither of IPv4 nor of IPv6: a host may have one of them alone.
 *
 * @returns LOOPBACK_CUT, or null for any other trouble.
 */
export async function cutLoopback(
  error: unknown,
  connect: Connect = Deno.connect,
): Promise<Failure | null> {
  const isCut = error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.NetworkUnreachable &&
      !await hasIpv6(connect);
  if (!isCut) return null;
  const reason = error.message.replace(/ \(os error \d+\)$/, "");
  return new Failure("LOOPBACK_CUT", { fields: { reason }, cause: error });
}

/** Whether somebody or nobody answers at `::1`, rather than that there is no such address. */
async function hasIpv6(connect: Connect): Promise<boolean> {
  try {
    (await connect({ hostname: "::1", port: ANY_PORT })).close();
    return true;
  } catch (error) {
    return error instanceof Deno.errors.ConnectionRefused;
  }
}

/**
 * Looks whether this process may reach loopback at all, where a daemon that nobody could ask would be started.
 *
 * @throws {Failure} LOOPBACK_CUT.
 */
export async function checkLoopback(
  connect: Connect = Deno.connect,
): Promise<void> {
  try {
    (await connect({ hostname: "127.0.0.1", port: ANY_PORT })).close();
  } catch (error) {
    const cut = await cutLoopback(error, connect);
    if (cut !== null) throw cut;
    // Refused by nobody but whoever does not listen there: it can be reached.
    if (!(error instanceof Error)) throw error;
  }
}
