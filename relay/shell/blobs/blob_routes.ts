import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  BLOB_SCHEME,
  type BlobClaim,
  readBlobToken,
} from "../../../lib/blobs/blob_token.ts";
import { mostSealedBlob } from "../../../lib/blobs/blob_limits.ts";
import { Failure } from "../../../lib/errors.ts";
import type { Logger } from "../../../lib/log.ts";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import type { BlobAsk } from "../../core/edge/blob_requests.ts";
import type { BlobSettings } from "../../core/settings.ts";
import type { RestBytes } from "../rest_answer.ts";
import { BlobClient, type BlobPort } from "./blob_client.ts";
import { BlobCounts } from "./blob_counts.ts";
import { BlobSweep } from "./blob_sweep.ts";
import type { Asked, ExchangeParts, Way } from "./exchange.ts";
import { GetExchange } from "./get_exchange.ts";
import { PutExchange } from "./put_exchange.ts";
import { LastAnswer } from "./last_answer.ts";
import { failureAnswer, jsonAnswer, type RawAnswer } from "./raw_answer.ts";
import { framingOf } from "./request_body.ts";

export interface BlobRoutesOptions {
  readonly settings: BlobSettings | null;
  readonly ask: (ask: BlobAsk) => void;
  /** Asks for the files' worker. */
  readonly want: () => void;
  /** Whether this relay knows whose the files are: one of a cluster has to catch up first. */
  readonly isCurrent: () => boolean;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Counts an answer. */
  readonly answered: (status: number) => void;
}

const ROOT = "/api/blobs";
/** Keys of agents that are kept for checking. */
const KEYS = 512;
/** What a file is asked for again after, where too many are on their way. */
const BUSY_MS = 3_000;

type Wanted = Pick<IncomingMessage, "method" | "url" | "headers">;

/** What a request for a file asks, or why it is not answered. */
type Read = Pick<Asked, "claim"> | Failure;

/** Something that has a connection, and ends it. */
interface Holder {
  check(now: number): void;
  stop(): void;
}

/** Files over HTTP (protocol.md section 18): who asks, and how many at once. */
export class BlobRoutes {
  readonly #options: BlobRoutesOptions;
  readonly #verifier = new Verifier(KEYS);
  readonly #counts = new BlobCounts();
  readonly #holders = new Set<Holder>();
  readonly #files: BlobClient;
  readonly #sweep: BlobSweep;
  readonly #parts: ExchangeParts;

  constructor(options: BlobRoutesOptions) {
    this.#options = options;
    const { ask, want, log, now, answered, isCurrent } = options;
    const files = this.#files = new BlobClient({
      want,
      onListed: (hashes) => this.#sweep.listed(hashes),
      onObjects: (ids) => this.#sweep.objectsListed(ids),
    });
    this.#sweep = new BlobSweep({ files, ask, isCurrent });
    this.#parts = { files, ask, log, now, answered };
  }

  /** The port to a files' worker that was just started. */
  connect(port: BlobPort): void {
    this.#files.connect(port);
  }

  /** Files that are kept or come in, and that are on their way now. */
  figures(): Readonly<Record<string, number>> {
    const { files, bytes } = this.#sweep.figures;
    const moving = this.#files.size;
    return { blobs: files, blob_bytes: bytes, blobs_moving: moving };
  }

  /** About once a second. */
  check(): void {
    const now = this.#options.now();
    for (const holder of this.#holders) holder.check(now);
    this.#sweep.check();
  }

  stop(): void {
    for (const holder of [...this.#holders]) holder.stop();
  }

  /** The answer, or who is to have the connection: what comes over it is no more HTTP's then. */
  answer(request: IncomingMessage, address: string): RestBytes {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const { method = "" } = request;
    const isRead = method === "GET" || method === "HEAD";
    if (path === ROOT && isRead) return asRest(this.#info());
    if (path === ROOT || (!isRead && method !== "PUT")) return NOT_SO;
    // What is left of the request is HTTP's no more, which takes that for an error.
    request.on("error", () => {});
    const read = this.#read(request, path.slice(ROOT.length + 1));
    const wanted = { request, read, address };
    return {
      ...asRest(jsonAnswer(200, null)),
      takeOver: (socket, requestId, rest) =>
        this.#enter({ ...wanted, requestId }, socket, rest),
    };
  }

  #info(): RawAnswer {
    const { settings } = this.#options;
    if (settings === null) return failureAnswer(new Failure("BLOB_OFF"));
    return jsonAnswer(200, {
      most_bytes: settings.bytes,
      most_sealed_bytes: mostSealedBlob(settings.bytes),
      kept_ms: settings.keptMs,
      agent_bytes: settings.agentBytes,
      room_bytes: settings.roomBytes,
      total_bytes: settings.totalBytes,
    });
  }

  #read({ method, headers }: Wanted, hash: string): Read {
    if (this.#options.settings === null) return new Failure("BLOB_OFF");
    const [scheme, text = ""] = (headers.authorization ?? "").split(" ", 2);
    const isOurs = scheme?.toLowerCase() === BLOB_SCHEME.toLowerCase();
    const claim = isOurs ? readBlobToken(text, this.#verifier) : null;
    if (claim === null) return noToken("it has no token of an agent");
    const action = method === "PUT" ? "put" : "get";
    if (claim.sha256 !== hash || claim.action !== action) {
      return noToken("its token is for something else");
    }
    return action === "put" ? framed(headers, claim) : { claim };
  }

  #enter(
    { request, read, address, requestId }: {
      readonly request: Wanted;
      readonly read: Read;
      readonly address: string;
      readonly requestId: string;
    },
    socket: Socket,
    rest: Uint8Array,
  ): void {
    if (read instanceof Failure) return this.#turnAway(read, socket);
    const { claim } = read;
    const mover = { agent: claim.agent, address };
    const full = this.#counts.enter(mover);
    if (full !== null) {
      const busy = { fields: { reason: full }, retryAfterMs: BUSY_MS };
      return this.#turnAway(new Failure("BLOB_BUSY", busy), socket);
    }
    const asked: Asked = { claim, address, requestId };
    const way: Way = {
      socket,
      left: () => {
        this.#counts.leave(mover);
        this.#holders.delete(exchange);
      },
    };
    const exchange = claim.action === "put"
      ? new PutExchange(this.#parts, asked, way)
      : new GetExchange(this.#parts, asked, way);
    this.#holders.add(exchange);
    if (exchange instanceof GetExchange) {
      return exchange.begin(request.method === "HEAD");
    }
    const framing = framingOf(request.headers);
    if (framing !== null) exchange.begin(framing, rest);
  }

  #turnAway(failure: Failure, socket: Socket): void {
    const { now, answered } = this.#options;
    answered(failure.httpStatus);
    const last = new LastAnswer(socket, failureAnswer(failure), now());
    this.#holders.add(last);
    socket.on("close", () => this.#holders.delete(last));
  }
}

/** Whether a request is about files. */
export function isBlobPath(target: string): boolean {
  const [path = ""] = target.split("?", 1);
  return path === ROOT || path.startsWith(`${ROOT}/`);
}

/** Whether a body is marked off in a way that is read here, and as long as was claimed where it says so. */
function framed(headers: Wanted["headers"], claim: BlobClaim): Read {
  const framing = framingOf(headers);
  if (framing === null) {
    const reason =
      "the request says neither how long it is nor that it comes in chunks";
    return new Failure("BLOB_MISMATCH", { fields: { reason } });
  }
  if (framing === "chunked" || framing.length === claim.size) return { claim };
  const reason = `${framing.length} bytes come rather than ${claim.size}`;
  return new Failure("BLOB_MISMATCH", { fields: { reason } });
}

function noToken(reason: string): Failure {
  return new Failure("BLOB_TOKEN", { fields: { reason } });
}

function asRest({ status, headers, content }: RawAnswer): RestBytes {
  return {
    status,
    type: String(headers["content-type"]),
    content: new TextEncoder().encode(content),
  };
}

const NOT_SO = asRest(
  jsonAnswer(405, { error: "only PUT, GET and HEAD are answered here" }),
);
