import { challengeListener } from "./challenge.ts";
import type { ApiResponse } from "./client.ts";
import { CutOff } from "./cut_off.ts";
import { dialLoopback } from "./dial.ts";
import { readHttpAnswer } from "./http_answer.ts";
import { Unproven } from "./unproven.ts";

/** Largest answer that is taken from the daemon, in bytes: its whole mailbox and some. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * One HTTP request to the daemon on this host over a connection of its own. It stands in for the runtime's `fetch`,
 * whose client takes 6 ms to start, a third of a command's time, and which would carry the token to a proxy that the
 * environment names. A bearer token, and all that goes with it, is sent only to a listener that has proved on the same
 * connection that it knows the token: the daemon may have been killed, and another user's program have its port.
 *
 * @param url `http://` with a loopback address and a port.
 * @param init method, headers as a plain record, a text as body, signal.
 * @throws the signal's reason when it is aborted; an error of `Deno.errors` when nobody listens; Unproven when it is
 *   another that listens, or the signal's time was over before it had proved itself; CutOff when the connection or the
 *   answer broke after the request began to go out.
 */
export async function loopbackFetch(
  url: string,
  init: RequestInit,
): Promise<ApiResponse> {
  const to = new URL(url);
  const { host, pathname, search } = to;
  const signal = init.signal ?? undefined;
  signal?.throwIfAborted();
  const request = requestBytes(host, pathname + search, init);
  using connection = await dialLoopback(to);
  const hangUp = () => connection.close();
  signal?.addEventListener("abort", hangUp, { once: true });
  try {
    const token = bearerOf(init);
    if (token !== null) await challengeListener(connection, { token, host });
    await writeAll(connection, request);
    const { status, body } = readHttpAnswer(await readAll(connection));
    return {
      ok: status <= 299,
      status,
      text: () => Promise.resolve(new TextDecoder().decode(body)),
    };
  } catch (error) {
    if (error instanceof Unproven) throw error;
    throw signal?.aborted ? signal.reason : new CutOff(error);
  } finally {
    signal?.removeEventListener("abort", hangUp);
  }
}

/** The token that the request would show. */
function bearerOf({ headers = {} }: RequestInit): string | null {
  const { authorization = "" } = headers as Readonly<Record<string, string>>;
  return /^Bearer (.*)$/s.exec(authorization)?.[1] ?? null;
}

function requestBytes(
  host: string,
  target: string,
  { method = "GET", headers = {}, body }: RequestInit,
): Uint8Array {
  const content = typeof body === "string" ? body : "";
  const bytes = new TextEncoder().encode(content);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${host}`,
    "connection: close",
    ...Object.entries(headers).map(([name, value]) => headerLine(name, value)),
    ...(method === "GET" ? [] : [`content-length: ${bytes.length}`]),
    "",
    content,
  ];
  return new TextEncoder().encode(lines.join("\r\n"));
}

function headerLine(name: string, value: string): string {
  // A token from the environment may hold anything.
  if (/[^\x20-\x7e]/.test(value)) {
    throw new TypeError(`the header ${name} can't be sent`);
  }
  return `${name}: ${value}`;
}

async function writeAll(
  connection: Deno.Conn,
  bytes: Uint8Array,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** Everything up to the end of the connection. */
async function readAll(connection: Deno.Conn): Promise<Uint8Array> {
  let bytes = new Uint8Array(16 * 1024);
  let size = 0;
  for (;;) {
    if (size === bytes.length) bytes = grown(bytes);
    const read = await connection.read(bytes.subarray(size));
    if (read === null) return bytes.subarray(0, size);
    size += read;
    if (size > MOST_BYTES) throw new RangeError("the answer is too large");
  }
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
