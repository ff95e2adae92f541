/** An answer of HTTP/1.1, whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

const CR = 13;
const LF = 10;

/**
 * Reads the bytes of one connection that the server closed after its answer: status, and the body by length or in
 * chunks (RFC 9112, sections 4, 6 and 7.1).
 *
 * @throws {SyntaxError} for anything that is not a whole answer.
 */
export function readHttpAnswer(bytes: Uint8Array): HttpAnswer {
  const end = headEnd(bytes);
  const [first = "", ...lines] = text(bytes.subarray(0, end)).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (!(status >= 200 && status <= 599)) throw broken("status line");
  const rest = bytes.subarray(end + 4);
  const headers = new Map(lines.map(headerOf));
  return { status, body: bodyOf(rest, status, headers) };
}

const broken = (what: string) => new SyntaxError(`no HTTP answer: ${what}`);

const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

function headEnd(bytes: Uint8Array): number {
  for (let i = 0; i + 3 < bytes.length; i++) {
    if (
      bytes[i] === CR && bytes[i + 1] === LF && bytes[i + 2] === CR &&
      bytes[i + 3] === LF
    ) return i;
  }
  throw broken("no end of its head");
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(":");
  if (colon < 1) throw broken("header");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyOf(
  rest: Uint8Array,
  status: number,
  headers: ReadonlyMap<string, string>,
): Uint8Array<ArrayBuffer> {
  if (status === 204 || status === 304) return new Uint8Array();
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") {
    return unchunked(rest);
  }
  const length = headers.get("content-length");
  if (length === undefined) return rest.slice();
  if (rest.length < Number(length)) throw broken("its end is missing");
  return rest.slice(0, Number(length));
}

function unchunked(rest: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(rest.length);
  let size = 0;
  for (let at = 0;;) {
    const line = rest.indexOf(LF, at);
    if (line < 0) throw broken("its end is missing");
    const length = Number.parseInt(text(rest.subarray(at, line)), 16);
    if (!(length >= 0)) throw broken("chunk");
    if (length === 0) return body.slice(0, size);
    const chunk = rest.subarray(line + 1, line + 1 + length);
    if (chunk.length < length) throw broken("its end is missing");
    body.set(chunk, size);
    size += length;
    at = line + 1 + length + 2;
  }
}
