import {
  jetstream,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  type StoredMsg,
  type StreamConfig,
} from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { FromObjects, ToObjects } from "../blobs/objects_port.ts";
import type { Servers } from "./open_log.ts";

/** The stream that holds the files' bytes, and what its subjects begin with: each file has one. */
export const FILES = { stream: "AN_FILES", subject: "an.file." } as const;

const COPIES = 3;
const NANOS_PER_MS = 1_000_000;
/** How large the stream may grow: as much of it as the servers have room for. A file that does not fit is refused. */
const SIZES: readonly number[] = [8, 4, 2, 1, 0.5, 0.25].map((gigabytes) =>
  gigabytes * 1024 ** 3
);
/** How long the servers' word on a piece is waited for, in milliseconds. */
const STORED_WITHIN_MS = 5_000;
const PIECE = "An-Piece";
/** Longer than any file is kept, unless its place was lost: then the servers let it go. */
const KEPT_MS = 367 * 24 * 3_600_000;

export interface ObjectServiceOptions {
  /** The log's servers, once they were reached. */
  readonly servers: () => Promise<Servers>;
}

/** No copy has such a piece. */
class Missing extends Error {}

/** Keeps files at the log's servers, for relays that did not take them in themselves. */
export class ObjectService {
  readonly #options: ObjectServiceOptions;
  #opened:
    | Promise<{ manager: JetStreamManager; stream: JetStreamClient }>
    | null = null;

  constructor(options: ObjectServiceOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async answer(question: ToObjects): Promise<FromObjects> {
    const { call } = question;
    try {
      return await this.#answer(question);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const isMissing = error instanceof Missing;
      return { type: "failed", call, isMissing, reason };
    }
  }

  async #answer(question: ToObjects): Promise<FromObjects> {
    const { call } = question;
    switch (question.type) {
      case "store":
        await this.#store(question);
        return { type: "done", call };
      case "load":
        return await this.#load(question);
      case "ids":
        return { type: "ids", call, ids: await this.#ids() };
      case "purge":
        await this.#purge(question.ids);
        return { type: "done", call };
    }
  }

  async #store(
    { id, piece, bytes }: Extract<ToObjects, { type: "store" }>,
  ): Promise<void> {
    const { stream } = await this.#open();
    const said = headers();
    said.set(PIECE, `${piece}`);
    await stream.publish(FILES.subject + id, bytes, {
      headers: said,
      msgID: `${id}.${piece}`,
      timeout: STORED_WITHIN_MS,
    });
  }

  async #load(
    { call, id, piece, after }: Extract<ToObjects, { type: "load" }>,
  ): Promise<FromObjects> {
    const { manager } = await this.#open();
    const isIt = (found: StoredMsg | null): found is StoredMsg =>
      found?.header.get(PIECE) === `${piece}`;
    const query = { seq: after + 1, next_by_subj: FILES.subject + id };
    // Whichever copy answers may be behind the one that took the piece: what is not there, their leader alone can say.
    let found = await manager.direct.getMessage(FILES.stream, query);
    if (!isIt(found)) {
      found = await manager.streams.getMessage(FILES.stream, query);
    }
    if (!isIt(found)) {
      throw new Missing(`the servers have no piece ${piece} of it`);
    }
    // What came with it shares its buffer; slice() of Node's Buffer does not copy.
    const bytes = new Uint8Array(found.data);
    return { type: "loaded", call, bytes, place: found.seq };
  }

  async #ids(): Promise<string[]> {
    const { manager } = await this.#open();
    const { state } = await manager.streams.info(FILES.stream, {
      subjects_filter: `${FILES.subject}>`,
    });
    return Object.keys(state.subjects ?? {})
      .map((subject) => subject.slice(FILES.subject.length));
  }

  async #purge(ids: readonly string[]): Promise<void> {
    const { manager } = await this.#open();
    for (const id of ids) {
      await manager.streams.purge(FILES.stream, { filter: FILES.subject + id });
    }
  }

  /** Again the next time where it did not work. */
  #open() {
    this.#opened ??= this.#openNow().catch((error) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  async #openNow() {
    const { connection, manager } = await this.#options.servers();
    await findStream(manager);
    return { manager, stream: jetstream(connection) };
  }
}

/** Finds the stream, or makes it as large as the servers have room for. */
async function findStream(manager: JetStreamManager): Promise<void> {
  try {
    await manager.streams.info(FILES.stream);
    return;
  } catch (error) {
    const isNone = error instanceof JetStreamApiError &&
      error.code === JetStreamApiCodes.StreamNotFound;
    if (!isNone) throw error;
  }
  let refusal: unknown;
  for (const bytes of SIZES) {
    try {
      await manager.streams.add(wantedStream(bytes));
      return;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

function wantedStream(
  mostBytes: number,
): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: FILES.stream,
    subjects: [`${FILES.subject}*`],
    retention: "limits",
    storage: "file",
    // What is there stays: a file that does not fit is refused.
    discard: "new",
    num_replicas: COPIES,
    max_bytes: mostBytes,
    max_age: KEPT_MS * NANOS_PER_MS,
    allow_direct: true,
  };
}
