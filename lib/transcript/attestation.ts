/** What the exporter of a transcript attests (protocol.md section 13). */
export interface TranscriptEnd {
  /** How many messages it holds. */
  readonly count: number;
  /** The chain over all lines before the last, 64 hex digits. */
  readonly chain: string;
}

/** No frame and no invitation is signed under this. */
export const TRANSCRIPT_LABEL = "agentnet-transcript-1\0";
const CHAIN = /^[0-9a-f]{64}$/;

/** The bytes that the exporter signs. */
export function attestedBytes({ chain, count }: TranscriptEnd): Uint8Array {
  return new TextEncoder().encode(`${TRANSCRIPT_LABEL}${chain} ${count}`);
}

/** Whether these are a chain and a count. */
export function isAttestable(chain: unknown, count: unknown): boolean {
  return typeof chain === "string" && CHAIN.test(chain) &&
    Number.isSafeInteger(count) && (count as number) >= 0;
}
