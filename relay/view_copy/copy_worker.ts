// Worker entry: copies of a cluster's view on their way from one relay to
// another, on disk. Alone in a worker that may touch the data folder and
// nothing else, started when there is one to make or to take: a view may have
// gigabytes, and whoever copies it stands still meanwhile.

import { diskFiles } from "../../lib/host/private_files.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import { workerLogger } from "../../lib/worker_log.ts";
import { openSqlite } from "../store/open_sqlite.ts";
import type { ToCopyWorker, ToViewCopies } from "./copy_port.ts";
import { CopyService } from "./copy_service.ts";

const scope = self as unknown as WorkerScope;
const log = workerLogger((message) => scope.postMessage(message));
let service: CopyService | undefined;

async function answer(
  service: CopyService,
  question: ToViewCopies,
  port: MessagePort,
): Promise<void> {
  const answer = await service.answer(question);
  const handed = answer.type === "piece" ? [answer.bytes.buffer] : [];
  port.postMessage(answer, handed as Transferable[]);
}

serveKeeper(scope, {
  message: (data) => {
    const { files, port } = data as ToCopyWorker;
    const started = service = new CopyService(files, {
      ...{ files: diskFiles, open: openSqlite },
    });
    port.onmessage = ({ data }) =>
      void answer(started, data as ToViewCopies, port);
  },
  stop: () => service?.stop(),
  uncaught: (error) => {
    const reason = error instanceof Error
      ? error.stack ?? error.message
      : String(error);
    log.error("uncaught", { reason });
  },
});
