import { freeBytes } from "../../lib/free_bytes.ts";
import type { Logger } from "../../lib/log.ts";
import type { BlobFolder, ReadFile } from "./blob_folder.ts";
import type { BlobName, FromBlobs, ToBlobs } from "./blob_port.ts";
import { IncomingFile, Mismatch } from "./incoming_file.ts";
import { OutgoingFile } from "./outgoing_file.ts";
import { ObjectMissing, type SharedObjects } from "./shared_objects.ts";

/** Hashes of one `listed`. */
const LISTED = 500;

export interface BlobServiceOptions {
  readonly folder: BlobFolder;
  /** Where a cluster's relays share them; null for a relay by itself. */
  readonly objects: SharedObjects | null;
  readonly log: Logger;
  /** To the sockets' worker; the buffers are handed over. */
  readonly say: (said: FromBlobs, transfer: Transferable[]) => void;
}

/** One file on its way; what is asked of it is done in order. */
interface Transfer {
  readonly name: BlobName;
  file: IncomingFile | OutgoingFile | null;
  line: Promise<void>;
  isOver: boolean;
}

/**
 * A relay's files on disk: comes in piece by piece, and goes out so. What fails leaves nothing behind, and nothing else
 * stands still for it. One for each port.
 */
export class BlobService {
  readonly #options: BlobServiceOptions;
  readonly #transfers = new Map<number, Transfer>();
  /** Files that came while a list is gone through: they stay whoever said what. */
  readonly #cameSince = new Set<string>();
  /** Lists and removals, one after the other: a list begins what came since anew, which a removal looks at to its end. */
  #sweep = Promise.resolve();

  constructor(options: BlobServiceOptions) {
    this.#options = options;
  }

  told(message: ToBlobs): void {
    switch (message.type) {
      case "put":
        return this.#begin(message, async (transfer) => {
          transfer.file = await IncomingFile.create(
            this.#options.folder,
            message,
          );
        });
      case "get":
        return this.#begin(
          message,
          (transfer) => this.#open(message.transfer, transfer),
        );
      case "bytes":
        return this.#then(
          message.transfer,
          (transfer) => this.#write(message, transfer),
        );
      case "end":
        return this.#then(
          message.transfer,
          (transfer) => this.#keep(message.transfer, transfer),
        );
      case "more":
        return this.#then(
          message.transfer,
          (transfer) => this.#more(message, transfer),
        );
      case "cancel":
        return this.#then(
          message.transfer,
          (transfer) => this.#leave(message.transfer, transfer),
        );
      case "list":
        return this.#inSweep(() => this.#list());
      case "remove":
        return this.#inSweep(() => this.#remove(message.hashes));
      case "list_objects":
        return void this.#orWarn(() => this.#listObjects());
      case "purge_objects":
        return void this.#orWarn(() => this.#purgeObjects(message.ids));
    }
  }

  /** Ends all that is on its way, and returns when nothing is left of it. */
  async stop(): Promise<void> {
    for (const transfer of [...this.#transfers.keys()]) {
      this.told({ type: "cancel", transfer });
    }
    await Promise.all([...this.#transfers.values()].map(({ line }) => line));
    await this.#sweep;
  }

  #inSweep(act: () => Promise<void>): void {
    this.#sweep = this.#sweep.then(() => this.#orWarn(act));
  }

  /** Nobody waits for it, and it is asked for again: what fails is logged. Never rejects. */
  async #orWarn(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn("files not looked through", { reason });
    }
  }

  #begin(
    { transfer: number, sha256, size, id }: BlobName & {
      readonly transfer: number;
    },
    begin: (transfer: Transfer) => Promise<void>,
  ): void {
    const name = { sha256, size, id };
    const line = Promise.resolve();
    this.#transfers.set(number, { name, file: null, line, isOver: false });
    this.#then(number, begin);
  }

  /** In order behind what was asked of the transfer before, unless it is over by then. */
  #then(number: number, act: (transfer: Transfer) => Promise<void>): void {
    const transfer = this.#transfers.get(number);
    if (transfer === undefined) return;
    transfer.line = transfer.line.then(async () => {
      if (transfer.isOver) return;
      try {
        await act(transfer);
      } catch (error) {
        await this.#fail(number, transfer, error);
      }
    });
  }

  async #open(number: number, transfer: Transfer): Promise<void> {
    const { name } = transfer;
    const { sha256, size } = name;
    const { folder } = this.#options;
    const file = await folder.open(sha256) ?? await this.#fetch(name);
    if (file === null) return this.#missing(number, transfer);
    transfer.file = new OutgoingFile(file);
    if (file.size !== size) return this.#missing(number, transfer);
    this.#options.say({ type: "opened", transfer: number }, []);
  }

  /** Takes over what another relay took in. @returns null where nobody has it */
  async #fetch(name: BlobName): Promise<ReadFile | null> {
    const { folder, objects } = this.#options;
    if (objects === null) return null;
    const file = await IncomingFile.create(folder, name);
    try {
      for await (const bytes of objects.load(name.id, name.size)) {
        await file.write(bytes);
      }
      this.#cameSince.add(name.sha256);
      await file.keep();
    } catch (error) {
      await file.discard();
      if (error instanceof ObjectMissing) return null;
      throw error;
    }
    return await folder.open(name.sha256);
  }

  /** What came in is for the other relays too. */
  async #share({ sha256, id }: BlobName): Promise<void> {
    const { folder, objects } = this.#options;
    const file = objects === null ? null : await folder.open(sha256);
    if (file === null) return;
    try {
      await objects?.store(id, file);
    } finally {
      file.close();
    }
  }

  async #missing(number: number, transfer: Transfer): Promise<void> {
    await this.#leave(number, transfer);
    const reason = "it is not on disk";
    this.#options.say(
      { type: "failed", transfer: number, why: "missing", reason },
      [],
    );
  }

  async #write(
    { transfer: number, bytes }: Extract<ToBlobs, { type: "bytes" }>,
    { file }: Transfer,
  ): Promise<void> {
    if (!(file instanceof IncomingFile)) return;
    const taken = bytes.length;
    await file.write(bytes);
    freeBytes(bytes);
    this.#options.say({ type: "taken", transfer: number, bytes: taken }, []);
  }

  async #keep(number: number, transfer: Transfer): Promise<void> {
    const { file, name } = transfer;
    if (!(file instanceof IncomingFile)) return;
    this.#cameSince.add(name.sha256);
    await file.keep();
    transfer.file = null;
    await this.#share(name);
    await this.#leave(number, transfer);
    this.#options.say({ type: "stored", transfer: number }, []);
  }

  async #more(
    { transfer: number, bytes }: Extract<ToBlobs, { type: "more" }>,
    transfer: Transfer,
  ): Promise<void> {
    const { file } = transfer;
    if (!(file instanceof OutgoingFile)) return;
    const { say } = this.#options;
    const isAll = await file.more(
      bytes,
      (piece) =>
        say({ type: "bytes", transfer: number, bytes: piece }, [
          piece.buffer as ArrayBuffer,
        ]),
    );
    if (!isAll) return;
    await this.#leave(number, transfer);
    say({ type: "ended", transfer: number }, []);
  }

  async #fail(
    number: number,
    transfer: Transfer,
    error: unknown,
  ): Promise<void> {
    const why = error instanceof Mismatch ? "mismatch" : "storage";
    const reason = error instanceof Error ? error.message : String(error);
    let more = "";
    try {
      await this.#leave(number, transfer);
    } catch (left) {
      more = `; what came of it stays: ${left}`;
    }
    this.#options.say(
      { type: "failed", transfer: number, why, reason: reason + more },
      [],
    );
  }

  /** The transfer is over; an unfinished file goes. */
  async #leave(number: number, transfer: Transfer): Promise<void> {
    const { file } = transfer;
    transfer.isOver = true;
    transfer.file = null;
    try {
      if (file instanceof IncomingFile) await file.discard();
      else file?.close();
    } finally {
      this.#transfers.delete(number);
    }
  }

  async #list(): Promise<void> {
    const { folder, say } = this.#options;
    this.#cameSince.clear();
    let hashes: string[] = [];
    for await (const hash of folder.hashes()) {
      hashes.push(hash);
      if (hashes.length < LISTED) continue;
      say({ type: "listed", hashes }, []);
      hashes = [];
    }
    say({ type: "listed", hashes }, []);
  }

  async #listObjects(): Promise<void> {
    const { objects, say } = this.#options;
    if (objects === null) return;
    say({ type: "objects", ids: await objects.ids() }, []);
  }

  async #purgeObjects(ids: readonly string[]): Promise<void> {
    await this.#options.objects?.purge(ids);
  }

  async #remove(hashes: readonly string[]): Promise<void> {
    for (const hash of hashes) {
      if (!this.#cameSince.has(hash)) await this.#options.folder.remove(hash);
    }
  }
}
