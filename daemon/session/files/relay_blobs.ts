import {
  BLOB_SCHEME,
  blobHost,
  type BlobScope,
  type OwnBlobClaim,
} from "../../../lib/blobs/blob_token.ts";
import type { Clock } from "../../../lib/clock.ts";
import { Failure } from "../../../lib/errors.ts";
import { blobFailure } from "./blob_failure.ts";
import { boundedText } from "./bounded_text.ts";
import { Stall } from "./stall.ts";

/** A file as the relay has it: sealed where its room is. */
export interface Blob {
  readonly scope: BlobScope;
  /** Of the bytes that the relay has. */
  readonly sha256: string;
  readonly size: number;
}

/** A relay's files. Every method rejects with a `Failure`. */
export interface RelayBlobs {
  /** Puts one there. @returns until when it is kept, milliseconds since 1970 */
  put(
    blob: Blob,
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<number>;
  /** Its bytes, no more than its size; whether they are the right ones is for the caller to see. */
  get(blob: Blob, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Makes the token for a claim, in this agent's name. Rejects with a `Failure`. */
export type BlobToken = (claim: OwnBlobClaim) => Promise<string>;

export interface RelayBlobsOptions {
  /** The relay's address as it was dialled. */
  readonly relayUrl: () => string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly token: BlobToken;
  readonly clock: Clock;
}

/** The files of the relay whose WebSocket address is given when they are wanted, at the same host. */
export function relayBlobs(options: RelayBlobsOptions): RelayBlobs {
  return {
    async put(blob, body, signal) {
      using stall = new Stall(options.clock);
      const response = await ask(options, { action: "put", blob }, {
        method: "PUT",
        body: ReadableStream.from(watched(body, stall)),
        signal: AbortSignal.any([signal, stall.signal]),
      });
      if (!response.ok) throw await blobFailure(response);
      return untilOf(await answerOf(response));
    },
    get: (blob, signal) => fetched(options, blob, signal),
  };
}

async function* fetched(
  options: RelayBlobsOptions,
  blob: Blob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  using stall = new Stall(options.clock);
  const response = await ask(options, { action: "get", blob }, {
    signal: AbortSignal.any([signal, stall.signal]),
  });
  if (!response.ok) throw await blobFailure(response);
  let size = 0;
  try {
    for await (const piece of watched(response.body ?? empty(), stall)) {
      size += piece.length;
      if (size > blob.size) throw new Failure("FILE_ALTERED");
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw broken(`the file broke off after ${size} bytes`, cause);
  }
}

async function* empty(): AsyncGenerator<Uint8Array> {}

async function* watched(
  pieces: AsyncIterable<Uint8Array>,
  stall: Stall,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    stall.moved();
    yield piece;
  }
}

async function ask(
  { relayUrl, fetch, token, clock }: RelayBlobsOptions,
  { action, blob: { scope, ...blob } }: {
    readonly action: "put" | "get";
    readonly blob: Blob;
  },
  init: RequestInit,
): Promise<Response> {
  const relay = relayUrl();
  const claim = {
    ...{ action, ...blob, ...scope },
    ...{ relay: blobHost(relay), at: Math.trunc(clock.wall()) },
  };
  const authorization = `${BLOB_SCHEME} ${await token(claim)}`;
  const url = new URL(`/api/blobs/${blob.sha256}`, relay);
  url.protocol = url.protocol === "wss:" ? "https:" : "http:";
  const headers = {
    authorization,
    ...(action === "put" ? { "content-type": "application/octet-stream" } : {}),
  };
  try {
    return await fetch(url.href, { ...init, headers, redirect: "error" });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw broken("the relay does not answer for files", cause);
  }
}

async function answerOf(response: Response): Promise<string> {
  try {
    return await boundedText(response);
  } catch (cause) {
    throw broken("the relay's answer to the file broke off", cause);
  }
}

function untilOf(text: string): number {
  const until: unknown = parsed(text)?.until;
  if (Number.isSafeInteger(until) && (until as number) > 0) {
    return until as number;
  }
  const fields = { reason: "its answer to a file can't be read" };
  throw new Failure("RELAY_REFUSED", { fields });
}

function parsed(text: string): { readonly until?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function broken(reason: string, cause: unknown): Failure {
  return new Failure("NOT_CONNECTED", { fields: { reason }, cause });
}
