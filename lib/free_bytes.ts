/**
 * Gives memory of bytes back at once, whoever has held them: the engine would collect it later, when many times as much
 * has come. Nothing may use them any more; bytes that share their memory with others are left alone.
 */
export function freeBytes(bytes: Uint8Array): void {
  const { buffer } = bytes;
  const isAlone = buffer instanceof ArrayBuffer &&
    bytes.byteLength === buffer.byteLength;
  if (isAlone) buffer.transfer(0);
}
