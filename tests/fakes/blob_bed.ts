import { createLogger } from "../../lib/log.ts";
import { blobDisk } from "../../relay/blobs/blob_disk.ts";
import { type BlobDisk, BlobFolder } from "../../relay/blobs/blob_folder.ts";
import {
  type FromBlobs,
  PIECE_BYTES,
  type ToBlobs,
} from "../../relay/blobs/blob_port.ts";
import { BlobService } from "../../relay/blobs/blob_service.ts";
import { hashOf } from "./blob_peer.ts";

/** A service over a folder of its own, whose disk can fail. */
export class BlobBed {
  readonly path = `${Deno.makeTempDirSync({ prefix: "blobs-" })}/blobs`;
  readonly said: FromBlobs[] = [];
  logged = "";
  readonly folder: BlobFolder;
  readonly service: BlobService;
  #wake: () => void = () => {};

  constructor(disk: BlobDisk = blobDisk) {
    this.folder = new BlobFolder(this.path, disk);
    this.service = new BlobService({
      folder: this.folder,
      objects: null,
      log: createLogger({
        ...{ format: "text", level: "debug", wall: () => 0 },
        write: (lines) => void (this.logged += lines),
      }),
      say: (said) => {
        this.said.push(said);
        this.#wake();
      },
    });
  }

  static async use(
    test: (bed: BlobBed) => Promise<void>,
    disk?: BlobDisk,
  ): Promise<void> {
    const bed = new BlobBed(disk);
    try {
      await bed.folder.begin();
      await test(bed);
      await bed.service.stop();
    } finally {
      await Deno.remove(bed.path.slice(0, -"/blobs".length), {
        recursive: true,
      });
    }
  }

  /** The next thing of this type that is said, of those not given yet. */
  async next<T extends FromBlobs["type"]>(
    type: T,
  ): Promise<Extract<FromBlobs, { type: T }>> {
    for (;;) {
      const at = this.said.findIndex((one) => one.type === type);
      if (at >= 0) {
        return this.said.splice(at, 1)[0] as Extract<FromBlobs, { type: T }>;
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  tell(...messages: ToBlobs[]): void {
    for (const message of messages) this.service.told(message);
  }

  put(
    transfer: number,
    bytes: Uint8Array,
    more: { readonly sha256?: string; readonly size?: number } = {},
  ): void {
    const sha256 = hashOf(bytes);
    const size = bytes.length;
    this.tell({
      type: "put",
      transfer,
      id: `${transfer}`,
      sha256,
      size,
      ...more,
    });
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.slice(at, at + PIECE_BYTES);
      this.tell({ type: "bytes", transfer, bytes: piece });
    }
  }

  /** Puts whole files, one after the other. */
  async store(...files: readonly Uint8Array[]): Promise<void> {
    for (const [transfer, bytes] of files.entries()) {
      this.put(transfer, bytes);
      this.tell({ type: "end", transfer });
      await this.next("stored");
    }
  }

  names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }
}
