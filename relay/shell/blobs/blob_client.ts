import type { BlobName, FromBlobs, ToBlobs } from "../../blobs/blob_port.ts";

/** The part of a MessagePort that is needed here. */
export interface BlobPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
  close(): void;
}

/** What is said of one file on its way. */
export type TransferSaid = Extract<FromBlobs, { readonly transfer: number }>;

/** One file on its way to the disk, or from it. */
export interface BlobLine {
  /** The bytes are handed over: they are gone here. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
  end(): void;
  more(bytes: number): void;
  cancel(): void;
}

export interface BlobClientOptions {
  /** Asks for the worker, which is started at its first use. */
  readonly want: () => void;
  /** Files that are on disk. */
  readonly onListed: (hashes: readonly string[]) => void;
  /** Files that a cluster's servers have. */
  readonly onObjects: (ids: readonly string[]) => void;
}

/** The sockets' end of the files' worker. What is under way when another one is started fails. */
export class BlobClient {
  readonly #options: BlobClientOptions;
  readonly #lines = new Map<number, (said: TransferSaid) => void>();
  #port: BlobPort | null = null;
  /** What was said before there was a worker. */
  #early: ToBlobs[] = [];
  #hasAsked = false;
  #last = 0;

  constructor(options: BlobClientOptions) {
    this.#options = options;
  }

  /** Files on their way. */
  get size(): number {
    return this.#lines.size;
  }

  /** Whether there is a worker: nothing is on disk that a relay without one has put there. */
  get isConnected(): boolean {
    return this.#port !== null;
  }

  connect(port: BlobPort): void {
    const isAnew = this.#port !== null;
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }) => this.#heard(port, data as FromBlobs);
    const early = this.#early;
    this.#early = [];
    if (isAnew) this.#failAll();
    for (const message of early) this.#say(message);
  }

  put(name: BlobName, onSaid: (said: TransferSaid) => void): BlobLine {
    return this.#begin("put", name, onSaid);
  }

  get(name: BlobName, onSaid: (said: TransferSaid) => void): BlobLine {
    return this.#begin("get", name, onSaid);
  }

  list(): void {
    this.#say({ type: "list" });
  }

  remove(hashes: readonly string[]): void {
    if (hashes.length > 0) this.#say({ type: "remove", hashes });
  }

  listObjects(): void {
    this.#say({ type: "list_objects" });
  }

  purgeObjects(ids: readonly string[]): void {
    if (ids.length > 0) this.#say({ type: "purge_objects", ids });
  }

  #begin(
    type: "put" | "get",
    { sha256, size, id }: BlobName,
    onSaid: (said: TransferSaid) => void,
  ): BlobLine {
    const transfer = ++this.#last;
    this.#lines.set(transfer, onSaid);
    this.#say({ type, transfer, sha256, size, id });
    return {
      write: (bytes) => this.#say({ type: "bytes", transfer, bytes }),
      end: () => this.#say({ type: "end", transfer }),
      more: (bytes) => this.#say({ type: "more", transfer, bytes }),
      cancel: () => {
        if (!this.#lines.delete(transfer)) return;
        this.#early = this.#early.filter((one) =>
          !("transfer" in one) || one.transfer !== transfer
        );
        this.#say({ type: "cancel", transfer });
      },
    };
  }

  #say(message: ToBlobs): void {
    if (this.#port === null) {
      this.#early.push(message);
      if (!this.#hasAsked) this.#options.want();
      this.#hasAsked = true;
      return;
    }
    const handed = message.type === "bytes" ? [message.bytes.buffer] : [];
    this.#port.postMessage(message, handed as Transferable[]);
  }

  #heard(port: BlobPort, said: FromBlobs): void {
    if (port !== this.#port) return;
    if (said.type === "listed") return this.#options.onListed(said.hashes);
    if (said.type === "objects") return this.#options.onObjects(said.ids);
    const onSaid = this.#lines.get(said.transfer);
    const isOver = said.type === "stored" || said.type === "ended" ||
      said.type === "failed";
    if (isOver) this.#lines.delete(said.transfer);
    onSaid?.(said);
  }

  #failAll(): void {
    const lines = [...this.#lines];
    this.#lines.clear();
    const reason = "the files' worker was started again";
    for (const [transfer, onSaid] of lines) {
      onSaid({ type: "failed", transfer, why: "storage", reason });
    }
  }
}
