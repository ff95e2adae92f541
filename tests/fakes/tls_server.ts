/**
 * A certificate for localhost and 127.0.0.1, of no authority: `openssl req -x509 -newkey ec -pkeyopt
 * ec_paramgen_curve:prime256v1 -nodes -days 36500 -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext
 * basicConstraints=critical,CA:FALSE`. The key is good for tests alone.
 */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBoDCCAUagAwIBAgIUEo6Y201K8xERZdCCVCMfLYwjljwwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNYWdlbnRuZXQtdGVzdDAgFw0yNjExMjcwODI3MjhaGA8yMTI2
MTEwMzA4MjcyOFowGDEWMBQGA1UEAwwNYWdlbnRuZXQtdGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABPSJBe9Bw6I72zI9kGWuiklanYNv1qLMkttS/90c/m/b
cCRgH1GjW2KPx7MlVSZmhokrycQboHCvlegVDltFFyKjbDBqMB0GA1UdDgQWBBSY
u9CFjRadMO3/GTcZjnMyiuVXdDAfBgNVHSMEGDAWgBSYu9CFjRadMO3/GTcZjnMy
iuVXdDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDAYDVR0TAQH/BAIwADAK
BggqhkjOPQQDAgNIADBFAiEAnsQblyvkVEBt/fSoHGtqbXHIGuaPWJHznM4svl4l
SfcCIAHXEfFhYkPu200WWgSV7L3LAEmgLKRjlygCsJeC+iM2
-----END CERTIFICATE-----
`;
const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXJ7K2ub8a/igsGez
TDgJNsv3fWxSAk22KvOluSNHFxmhRANCAAT0iQXvQcOiO9syPZBlropJWp2Db9ai
zJLbUv/dHP5v23AkYB9Ro1tij8ezJVUmZoaJK8nEG6Bwr5XoFQ5bRRci
-----END PRIVATE KEY-----
`;

const WEBSOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** What a server answers to a request's head; null holds the line open in silence. */
export type Reply = (head: string) => string | null | Promise<string | null>;

export interface TlsServerOptions {
  /** Default: http/1.1 alone, as most servers in front of a relay. */
  readonly alpn?: readonly string[];
  readonly reply: Reply;
}

/** A server with TLS on a free port of 127.0.0.1 that answers each connection once, as it is told. */
export class TlsServer {
  readonly #listener: Deno.TlsListener;
  readonly #lines = new Set<Deno.TlsConn>();
  readonly #done: Promise<void>;
  /** The heads of requests that came. */
  readonly heads: string[] = [];
  reply: Reply;

  constructor({ alpn = ["http/1.1"], reply }: TlsServerOptions) {
    this.reply = reply;
    this.#listener = Deno.listenTls({
      hostname: "127.0.0.1",
      port: 0,
      cert: TEST_CERTIFICATE,
      key: TEST_KEY,
      alpnProtocols: [...alpn],
    });
    this.#done = this.#accept();
  }

  /** host:port */
  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  async #accept(): Promise<void> {
    const served: Promise<void>[] = [];
    for await (const line of this.#listener) served.push(this.#serve(line));
    await Promise.all(served);
  }

  async #serve(line: Deno.TlsConn): Promise<void> {
    this.#lines.add(line);
    try {
      const head = await readHead(line);
      if (head === "") return;
      this.heads.push(head);
      const reply = await this.reply(head);
      if (reply !== null) {
        await line.write(Uint8Array.from(reply, (char) => char.charCodeAt(0)));
        await line.closeWrite();
      }
      // Closed at once, unread bytes would reset the line before the answer is read.
      while (await line.read(new Uint8Array(1024)) !== null);
    } catch (error) {
      // A client that trusts no such certificate, or has seen enough, hangs up.
      if (!(error instanceof Error)) throw error;
    } finally {
      if (this.#lines.delete(line)) line.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const line of this.#lines) line.close();
    this.#lines.clear();
    await this.#done;
  }
}

async function readHead(line: Deno.TlsConn): Promise<string> {
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const count = await line.read(buffer);
    if (count === null) return head;
    head += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return head;
}

/** An answer without a body. */
export function answerOf(status: string, ...headers: string[]): string {
  return [`HTTP/1.1 ${status}`, "content-length: 0", ...headers, "", ""]
    .join("\r\n");
}

/** A WebSocket that opens and is closed with a code in the same breath. */
export async function openedAndClosed(
  head: string,
  code: number,
  reason = "",
): Promise<string> {
  const [, key] = /^sec-websocket-key: (.*)\r$/im.exec(head) ?? [];
  const hash = await crypto.subtle.digest(
    "SHA-1",
    new TextEncoder().encode(`${key}${WEBSOCKET_ID}`),
  );
  const accept = btoa(String.fromCharCode(...new Uint8Array(hash)));
  const opened = [
    "HTTP/1.1 101 Switching Protocols",
    "connection: Upgrade",
    "upgrade: websocket",
    `sec-websocket-accept: ${accept}`,
    "",
    "",
  ].join("\r\n");
  const length = 2 + reason.length;
  return opened +
    String.fromCharCode(0x88, length, code >> 8, code & 255) + reason;
}
