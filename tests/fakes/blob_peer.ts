import { createHash, randomBytes } from "node:crypto";
import { defined } from "../../lib/defined.ts";
import {
  BLOB_SCHEME,
  type BlobClaim,
  blobHost,
  writeBlobToken,
} from "../../lib/blobs/blob_token.ts";
import type { PeerIdentity } from "./fast_identity.ts";
import { roomName } from "./plain.ts";

/** Whose a file is: of a room, or of the other one of two agents. */
export type Whose = { readonly room: string } | { readonly peer: string };

/** What an answer says. */
export interface Told {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Bytes that nobody made before. */
export function manyBytes(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(size));
}

/** An agent that hands over files at a relay, over HTTP. */
export class BlobPeer {
  readonly #relay: string;
  readonly #identity: PeerIdentity;
  readonly #wall: () => number;

  /** @param relay its address as it is dialled. */
  constructor(
    relay: string,
    identity: PeerIdentity,
    wall: () => number = Date.now,
  ) {
    this.#relay = relay;
    this.#identity = identity;
    this.#wall = wall;
  }

  claim(
    action: BlobClaim["action"],
    bytes: Uint8Array,
    whose: Whose,
  ): BlobClaim {
    const scope = "room" in whose ? { room: roomName(whose.room) } : whose;
    return {
      action,
      agent: this.#identity.id,
      sha256: hashOf(bytes),
      size: bytes.length,
      relay: blobHost(this.#relay),
      at: this.#wall(),
      ...scope,
    };
  }

  url(hash: string): string {
    return `${
      this.#relay.replace(/^ws/, "http").replace(/\/v1\/ws$/, "")
    }/api/blobs/${hash}`;
  }

  async header(claim: BlobClaim): Promise<string> {
    const sign = (bytes: Uint8Array) =>
      Promise.resolve(this.#identity.sign(bytes));
    return `${BLOB_SCHEME} ${await writeBlobToken(claim, sign)}`;
  }

  /** A connection over which the head of a request was said, and nothing else yet. */
  async raw(
    method: string,
    claim: BlobClaim,
    headers: readonly string[] = [],
  ): Promise<Deno.TcpConn> {
    const { hostname, port } = new URL(this.#relay);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const lines = [
      `${method} ${new URL(this.url(claim.sha256)).pathname} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: ${await this.header(claim)}`,
      ...headers,
    ];
    const head = new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
    await connection.write(head);
    return connection;
  }

  async put(
    bytes: Uint8Array<ArrayBuffer>,
    whose: Whose,
    options: {
      readonly claim?: Partial<BlobClaim>;
      /** Other bytes than were claimed. */
      readonly body?: BodyInit;
    } = {},
  ): Promise<Told> {
    const claim = {
      ...this.claim("put", bytes, whose),
      ...options.claim,
    } as BlobClaim;
    return await this.ask("PUT", claim, options.body ?? bytes);
  }

  /** @returns the bytes, or what the refusal says. */
  async get(
    bytes: Uint8Array,
    whose: Whose,
  ): Promise<Uint8Array | Told> {
    const claim = this.claim("get", bytes, whose);
    const response = await fetch(this.url(claim.sha256), {
      headers: { authorization: await this.header(claim) },
    });
    if (response.status !== 200) return await toldOf(response);
    return new Uint8Array(await response.arrayBuffer());
  }

  async ask(
    method: string,
    claim: BlobClaim,
    body?: BodyInit,
  ): Promise<Told> {
    const response = await fetch(this.url(claim.sha256), {
      method,
      headers: { authorization: await this.header(claim) },
      ...defined({ body }),
    });
    return await toldOf(response);
  }
}

/** The bytes that came in place of a refusal. @throws {Error} with what was refused. */
export function bytesOf(got: Uint8Array | Told): Uint8Array {
  if (got instanceof Uint8Array) return got;
  throw new Error(JSON.stringify(got));
}

async function toldOf(response: Response): Promise<Told> {
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, body: text === "" ? {} : JSON.parse(text) };
}
