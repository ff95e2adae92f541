// Steps on the way to a server, each within 10 s or so many milliseconds. Each rejects with why one can't be taken.

/** How long each step may take, in milliseconds. */
const STEP_MS = 10_000;

/** A server; an IPv6 address in brackets. */
export interface HostAndPort {
  readonly hostname: string;
  readonly port: number;
}

/** A step that got no answer in its time. */
export class StepTooLate extends Error {
  override readonly name = "StepTooLate";
  readonly seconds: number;

  constructor(seconds: number) {
    super(`no answer within ${seconds} s`);
    this.seconds = seconds;
  }
}

/** Resolves a name; addresses need nobody. Returns what was found. */
export async function resolveName(hostname: string): Promise<string> {
  if (/^[\d.]+$|^\[/.test(hostname) || hostname === "localhost") {
    return `${hostname} needs no name server`;
  }
  const signal = AbortSignal.timeout(STEP_MS);
  const results = await Promise.allSettled([
    Deno.resolveDns(hostname, "A", { signal }),
    Deno.resolveDns(hostname, "AAAA", { signal }),
  ]);
  const addresses = results.flatMap((result) =>
    result.status === "fulfilled" ? result.value : []
  );
  if (addresses.length > 0) return `${hostname} is ${addresses.join(", ")}`;
  if (signal.aborted) throw tooLate();
  if (await isKnownHere(hostname)) {
    return `${hostname} is known to this host, not to its DNS`;
  }
  throw new Error(`${hostname} has no address`);
}

/** The host's own table of names may know one that no name server does. */
async function isKnownHere(hostname: string): Promise<boolean> {
  try {
    (await open({ hostname, port: 9 })).close();
    return true;
  } catch (error) {
    return !/lookup|resolve/i.test(`${error}`);
  }
}

/** Opens a connection over TCP, and closes it. */
export async function tryTcp(to: HostAndPort): Promise<string> {
  (await open(to)).close();
  return `${to.hostname} port ${to.port} answers`;
}

/** Opens a connection over TLS, checks the certificate, and closes it. */
export async function tryTls(
  to: HostAndPort,
  mostMs = STEP_MS,
): Promise<string> {
  const line = await Deno.startTls(await open(to), {
    hostname: bare(to.hostname),
  });
  const limit = AbortSignal.timeout(mostMs);
  // The runtime has no limit on a handshake, and no way to end one but to close its line.
  limit.onabort = () => line.close();
  try {
    await line.handshake();
    return `the certificate fits ${to.hostname}`;
  } catch (error) {
    throw limit.aborted ? tooLate(mostMs) : error;
  } finally {
    limit.onabort = null;
    if (!limit.aborted) line.close();
  }
}

async function open(to: HostAndPort): Promise<Deno.TcpConn> {
  const signal = AbortSignal.timeout(STEP_MS);
  try {
    const { port } = to;
    return await Deno.connect({ hostname: bare(to.hostname), port, signal });
  } catch (error) {
    throw signal.aborted ? tooLate() : error;
  }
}

function tooLate(ms = STEP_MS): StepTooLate {
  return new StepTooLate(ms / 1000);
}

/** Sockets want an IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
