/** The head of a request (RFC 9112, sections 2 to 6), as far as a listener on loopback takes one. */
export interface RequestHead {
  readonly method: string;
  /** Begins with `/`. */
  readonly target: string;
  readonly isHttp10: boolean;
  readonly headers: Headers;
  readonly body: BodyForm;
}

/** How a body is delimited. */
export type BodyForm =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" };

const REQUEST_LINE = /^([A-Z]{1,16}) (\/[\x21-\x7e]*) HTTP\/1\.([01])$/;
const HEADER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/s;

/** @returns null for what is no head: then nothing of the connection can be understood. */
export function parseRequestHead(text: string): RequestHead | null {
  const [first = "", ...lines] = text.split("\r\n");
  const line = REQUEST_LINE.exec(first);
  const headers = headersOf(lines);
  if (line === null || headers === null) return null;
  const body = bodyForm(headers);
  if (body === null) return null;
  const [, method = "", target = "", minor] = line;
  return { method, target, isHttp10: minor === "0", headers, body };
}

function headersOf(lines: readonly string[]): Headers | null {
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    if (/[\0\r\n]/.test(value)) return null;
    headers.append(name, value);
  }
  return headers;
}

/** Two ways to delimit one body are none: the next reader may choose the other (RFC 9112, section 6.3). */
function bodyForm(headers: Headers): BodyForm | null {
  const length = headers.get("content-length");
  const coding = headers.get("transfer-encoding");
  if (coding !== null) {
    const isChunked = coding.toLowerCase() === "chunked";
    return isChunked && length === null ? { kind: "chunked" } : null;
  }
  if (length === null) return { kind: "none" };
  if (!/^\d{1,15}$/.test(length)) return null;
  const bytes = Number(length);
  return bytes === 0 ? { kind: "none" } : { kind: "length", bytes };
}
