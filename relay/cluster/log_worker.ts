// Worker entry: a relay's connection to the log that it shares with others,
// alone in a worker that may reach the log's servers and nothing else. Started
// where a relay is one of a cluster, and loads their client only then.

import { systemClock } from "../../lib/clock.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import { workerLogger } from "../../lib/worker_log.ts";
import type { ToLog } from "../core/log/log_port.ts";
import type { FromObjects, ToObjects } from "../blobs/objects_port.ts";
import { LogService } from "./log_service.ts";
import type { FromLogWorker, ToLogWorker } from "./log_worker_messages.ts";
import { ObjectService } from "./object_service.ts";
import { LentDisk } from "./view_disk.ts";

const scope = self as unknown as WorkerScope;
const tell = (message: FromLogWorker) => scope.postMessage(message);
const log = workerLogger(tell);
let service: LogService | undefined;
let objects: ObjectService | undefined;
const disks = new LentDisk((type) => tell({ type }));
/** Of files' workers that were quicker than the first message. */
let early: MessagePort | null = null;

function start({ settings, node }: Extract<ToLogWorker, { type: "init" }>) {
  return new LogService({
    settings,
    node,
    clock: systemClock,
    log,
    unusable: (failure) =>
      tell({ type: "log_unusable", failure: failure.toJson() }),
    disks,
    viewTaken: () => tell({ type: "view_taken" }),
  });
}

function join(service: LogService, port: MessagePort): void {
  service.join((said) => port.postMessage(said));
  port.onmessage = ({ data }) => void service.told(data as ToLog);
}

function keepObjects(port: MessagePort): void {
  if (service === undefined) return void (early = port);
  const log = service;
  const servers = () => log.servers();
  const files = objects ??= new ObjectService({ servers });
  port.onmessage = ({ data }) => void answer(files, data as ToObjects, port);
}

async function answer(
  files: ObjectService,
  question: ToObjects,
  port: MessagePort,
): Promise<void> {
  const answer: FromObjects = await files.answer(question);
  const handed = answer.type === "loaded" ? [answer.bytes.buffer] : [];
  port.postMessage(answer, handed as Transferable[]);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

serveKeeper(scope, {
  message: (data) => {
    const message = data as ToLogWorker;
    if (message.type === "objects") return keepObjects(message.port);
    if (message.type === "copies") return disks.connect(message.port);
    if (message.type === "serves") return service?.serves(message.isServing);
    if (message.type === "init") {
      service = start(message);
      service.serves(message.isServing);
    }
    if (service !== undefined) join(service, message.port);
    if (early !== null) keepObjects(early);
    early = null;
  },
  stop: () => service?.stop(),
  uncaught: (error) => {
    const reason = error instanceof Error
      ? error.stack ?? error.message
      : String(error);
    // The client no longer listens to a socket that it leaves, and may still be told of its end.
    if (codeOf(error) === "ECONNRESET") log.debug("socket failed", { reason });
    else log.error("uncaught", { reason });
  },
});
