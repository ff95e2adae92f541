import { Worker as NodeWorker } from "node:worker_threads";

/** Names of a worker's global scope that reach past its permissions, and are of no use to it. */
const TAKEN_AWAY = ["caches", "Cache", "CacheStorage", "Worker"] as const;

/**
 * Takes from this thread what no permission governs: the Web Cache API, which writes without bound into a folder of the
 * runtime's own, and workers, in whose fresh scope it would be there again. To be called before anything from outside
 * is touched; there is no way back.
 */
export function lockDown(scope: object): void {
  for (const name of TAKEN_AWAY) Reflect.deleteProperty(scope, name);
  // Its `super()` calls this; what is not extensible keeps its prototype for good.
  Object.setPrototypeOf(NodeWorker, NoWorker);
  Object.preventExtensions(NodeWorker);
}

class NoWorker {
  constructor() {
    throw new Deno.errors.NotCapable("a worker starts no workers");
  }
}
