import { silentLogger } from "../../lib/log.ts";
import { blobDisk } from "../../relay/blobs/blob_disk.ts";
import { BlobFolder } from "../../relay/blobs/blob_folder.ts";
import type { ToBlobs } from "../../relay/blobs/blob_port.ts";
import { BlobService } from "../../relay/blobs/blob_service.ts";
import { parseBlobs } from "../../relay/keeper/blob_flags.ts";
import type { RelayServer } from "../../relay/shell/relay_server.ts";
import { agent } from "./agents.ts";
import { BlobPeer } from "./blob_peer.ts";
import { DiskStore } from "./disk_store.ts";
import { FakeClock, settle } from "./fake_clock.ts";
import { Line, relay } from "./relay_server_rig.ts";

/** A relay in this process on a clock turned by hand, with its files' service beside it, and agents 1 and 2 in `tea`. */
export class BlobRelay {
  readonly clock = new FakeClock();
  readonly store = new DiskStore();
  readonly #folder = Deno.makeTempDirSync({ prefix: "blob-relay-" });
  readonly #lines: Line[] = [];
  readonly #services: BlobService[] = [];
  readonly #ports: MessagePort[] = [];
  /** Bytes that the files' services wrote, and nobody waited for yet. */
  #taken = 0;
  /** Of the files' worker that the relay asked for. */
  #started: Promise<void> = Promise.resolve();
  url = "";
  #server: RelayServer | null = null;
  #close: () => Promise<void> = () => Promise.resolve();

  static async use(test: (bed: BlobRelay) => Promise<void>): Promise<void> {
    const bed = new BlobRelay();
    try {
      await bed.#begin();
      await test(bed);
    } finally {
      await bed.#end();
    }
  }

  peer(number: number): BlobPeer {
    return new BlobPeer(this.url, agent(number), () => this.clock.wall());
  }

  /** Names of what is on disk; none before there was a file. */
  names(): string[] {
    try {
      return [...Deno.readDirSync(`${this.#folder}/blobs`)]
        .map(({ name }) => name);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  /** Waits until so many bytes more were written, as the relay knows by then. */
  async untilTaken(bytes: number): Promise<void> {
    while (this.#taken < bytes) await settle();
    this.#taken -= bytes;
    await settle(10);
  }

  /** Lets seconds pass, one after the other, with what happens in them. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.clock.advance(1_000);
    }
    await settle(10);
  }

  /** Starts a files' worker, in place of any before. */
  async startFiles(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const folder = new BlobFolder(`${this.#folder}/blobs`, blobDisk);
    await folder.begin();
    const service = new BlobService({
      folder,
      objects: null,
      log: silentLogger,
      say: (said, transfer) => {
        port2.postMessage(said, transfer);
        if (said.type === "taken") this.#taken += said.bytes;
      },
    });
    this.#services.push(service);
    port2.onmessage = ({ data }) => service.told(data as ToBlobs);
    this.#ports.push(port1, port2);
    this.#server?.blobPort(port1);
  }

  async #begin(): Promise<void> {
    const { store } = this;
    const wantBlobs = () => void (this.#started = this.startFiles());
    const more = { store, wantBlobs, settings: { blobs: parseBlobs({}) } };
    const started = await relay(["tea"], this.clock, more);
    this.url = started.url;
    this.#server = started.server;
    this.#close = () => started[Symbol.asyncDispose]();
    for (const number of [1, 2, 3]) {
      const line = new Line(this.url, number, this.clock);
      this.#lines.push(line);
      await line.login();
    }
    for (const line of this.#lines.slice(0, 2)) {
      const join = line.maker.frame({ type: "room.join", room: "tea" });
      await line.ask(join);
    }
  }

  async #end(): Promise<void> {
    for (const line of this.#lines) await line.close();
    const closed = this.#close();
    await this.pass(3);
    await closed;
    await this.#started;
    for (const service of this.#services) await service.stop();
    for (const port of this.#ports) port.close();
    this.store.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
