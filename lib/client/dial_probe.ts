/** What a second look at a relay's address found. */
export type ProbeAnswer =
  | {
    readonly kind: "answered";
    /** HTTP status; 101 is what a relay answers. */
    readonly status: number;
    /** The `Location` header, as it came. */
    readonly location: string | null;
  }
  /** No answer; the reason is the runtime's, without what it says around it. */
  | { readonly kind: "failed"; readonly reason: string };

/** Looks at a ws:// or wss:// address; an aborted signal ends it as failed. Never rejects. */
export type DialProbe = (
  url: string,
  signal: AbortSignal,
) => Promise<ProbeAnswer>;

/** A GET over HTTP/1.1 of which only the head is read: `http1Head()` of lib/http1_head.ts. */
type GetHead = (
  url: string,
  options: { readonly headers: HeadersInit; readonly signal: AbortSignal },
) => Promise<{ readonly status: number; readonly headers: Headers }>;

/** What the runtime puts before the reason: `error sending request for url (…): client error (Connect): `. */
const RUNTIME_HEAD = /^error sending request\b.*?: client error \(\w+\): /s;

/** The dial's upgrade request. The nonce is for caches on the way (RFC 6455 section 1.3): nothing is said after it. */
const UPGRADE = {
  "connection": "Upgrade",
  "upgrade": "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": btoa("agentnet: a look"),
};

/**
 * A look by the upgrade request that the dial sends, and nothing more: no login, no key. It takes the way of the dial
 * and needs no permission beyond it.
 *
 * The runtime's own WebSocket hides over TLS what the server said (docs/architecture.md, Choices).
 */
export function upgradeProbe(getHead: GetHead): DialProbe {
  return async (url, signal) => {
    try {
      const { status, headers } = await getHead(url.replace(/^ws/, "http"), {
        headers: UPGRADE,
        signal,
      });
      return { kind: "answered", status, location: headers.get("location") };
    } catch (error) {
      return { kind: "failed", reason: reasonOf(error) };
    }
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const said = cause instanceof Error ? cause.message : error.message;
  return said.replace(RUNTIME_HEAD, "");
}
