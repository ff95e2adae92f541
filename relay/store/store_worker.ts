// Worker entry: the relay's SQLite, alone in a worker that may touch the data
// folder and nothing else, so that the event loop of the sockets never waits
// for a disk. Its first message is a StoreInit.

import { systemClock } from "../../lib/clock.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import type { StoreRequest } from "./contract.ts";
import {
  STORE_DEFAULTS,
  type StoreInit,
  type StoreOptions,
  type StoreState,
} from "./store_options.ts";
import { StoreService } from "./service.ts";
import { diskDatabase, openSqlite } from "./open_sqlite.ts";

const scope = self as unknown as WorkerScope;
const tell = (state: StoreState) => scope.postMessage(state);
let service: StoreService | undefined;

function start({ path, options, port }: StoreInit): void {
  const started = new StoreService({
    path,
    open: openSqlite,
    files: diskDatabase,
    options: withDefaults(options),
    clock: systemClock,
    say: (says) => port.postMessage(says),
    tell,
  });
  service = started;
  port.onmessage = ({ data }) =>
    started.receive(data as readonly StoreRequest[]);
  started.start();
}

/** An option that is there but undefined means the default, like one that is absent. */
function withDefaults(options: StoreInit["options"]): StoreOptions {
  const given = Object.entries(options).filter(([, value]) =>
    value !== undefined
  );
  return { ...STORE_DEFAULTS, ...Object.fromEntries(given) };
}

serveKeeper(scope, {
  message: (data) => start(data as StoreInit),
  stop: () => service?.stop(),
  uncaught: (error) => {
    const reason = error instanceof Error ? error.message : String(error);
    tell({ type: "store_unusable", reason, isDamaged: false });
  },
});
