/**
 * How a file comes out of the local API: pieces, each with its length before it in four bytes; then a length of 0, and
 * what is to be said at the end, as JSON. So an end that is missing shows, and what went wrong behind the first byte
 * can be told.
 */
const LENGTH_BYTES = 4;
/** Longest piece that is taken, in bytes. */
const MOST_PIECE = 1024 * 1024;
/** Longest word at the end, in bytes. */
const MOST_END = 64 * 1024;

/** One piece as it goes out; of none, nothing. */
export function writePiece(piece: Uint8Array): Uint8Array {
  return piece.length === 0 ? piece : behindLength(piece.length, piece);
}

/** The end as it goes out. */
export function writeEnd(end: object): Uint8Array {
  return behindLength(0, new TextEncoder().encode(JSON.stringify(end)));
}

function behindLength(length: number, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(LENGTH_BYTES + bytes.length);
  new DataView(whole.buffer).setUint32(0, length);
  whole.set(bytes, LENGTH_BYTES);
  return whole;
}

function appended(rest: Uint8Array, some: Uint8Array): Uint8Array {
  const whole = new Uint8Array(rest.length + some.length);
  whole.set(rest);
  whole.set(some, rest.length);
  return whole;
}

/**
 * Reads what comes out.
 *
 * @returns what stands at the end, JSON as it was parsed.
 * @throws {SyntaxError} where it breaks off, or is something else.
 */
export async function* readPieces(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, unknown> {
  let rest: Uint8Array = new Uint8Array();
  let isEnd = false;
  for await (const some of bytes) {
    rest = appended(rest, some);
    while (!isEnd && rest.length >= LENGTH_BYTES) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0);
      if (length > MOST_PIECE) throw new SyntaxError("no piece is so long");
      isEnd = length === 0;
      if (!isEnd && rest.length < LENGTH_BYTES + length) break;
      if (!isEnd) yield rest.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
      rest = rest.subarray(LENGTH_BYTES + length);
    }
    if (isEnd && rest.length > MOST_END) throw new SyntaxError("no such end");
  }
  if (!isEnd) throw new SyntaxError("its end is missing");
  return JSON.parse(new TextDecoder().decode(rest));
}
