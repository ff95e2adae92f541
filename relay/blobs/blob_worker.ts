// Worker entry: the files that agents hand over, on disk. Alone in a worker that may read and write their folder and
// nothing else, so that neither sockets nor the database wait for them.

import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import { workerLogger } from "../../lib/worker_log.ts";
import { blobDisk } from "./blob_disk.ts";
import { BlobFolder } from "./blob_folder.ts";
import type { ToBlobs, ToBlobWorker } from "./blob_port.ts";
import { BlobService } from "./blob_service.ts";
import { SharedObjects } from "./shared_objects.ts";

const scope = self as unknown as WorkerScope;
const log = workerLogger((message) => scope.postMessage(message));
let folder: BlobFolder | null = null;
let objects: SharedObjects | null = null;
/** Ends what the sockets before had under way; then the folder is as it should be. */
let ready: Promise<void> = Promise.resolve();
let service: BlobService | null = null;

function join(folder: BlobFolder, port: MessagePort): void {
  const earlier = service;
  const next = service = new BlobService({
    folder,
    objects,
    log,
    say: (said, transfer) => port.postMessage(said, transfer),
  });
  ready = ready.then(() => earlier?.stop());
  const isReady = ready;
  port.onmessage = ({ data }) =>
    void isReady.then(() => next.told(data as ToBlobs));
}

async function begin(folder: BlobFolder): Promise<void> {
  try {
    await folder.begin();
  } catch (error) {
    // Each file that is put is told so, too.
    log.error("the folder of files can't be used", { reason: `${error}` });
  }
}

serveKeeper(scope, {
  message: (data) => {
    const message = data as ToBlobWorker;
    if (message.type === "objects") return objects?.connect(message.objects);
    if (message.type === "init") {
      if (message.objects !== null) {
        objects = new SharedObjects();
        objects.connect(message.objects);
      }
      folder = new BlobFolder(message.folder, blobDisk);
      ready = begin(folder);
    }
    if (folder !== null) join(folder, message.port);
  },
  stop: () => service?.stop(),
  uncaught: (error) => {
    const reason = error instanceof Error
      ? error.stack ?? error.message
      : String(error);
    log.error("uncaught", { reason });
  },
});
