// A worker that ends, hangs or tries what it is told to: the part of a session
// worker that a hostile relay would like to reach.

import { serveKeeper } from "../../lib/sandbox_worker.ts";

/** What a worker may be told to try; each that is not allowed throws. */
const TRIES: Readonly<Record<string, (what: string) => unknown>> = {
  read: (path) => Deno.readTextFileSync(path),
  write: (path) => Deno.writeTextFileSync(path, "written"),
  connect: async (address) => {
    const { hostname, port } = new URL(`http://${address}`);
    (await Deno.connect({ hostname, port: Number(port) })).close();
  },
  env: (name) => Deno.env.get(name),
  run: (program) => new Deno.Command(program).outputSync(),
  hostname: () => Deno.hostname(),
  open: (path) => Deno.dlopen(path, {}),
  import: (url) => import(url),
  worker: (url) => new Worker(url, { type: "module" }),
  cache: async (name) => {
    const cache = await caches.open(name);
    await cache.put("http://a.example/b", new Response("c"));
  },
  node_worker: async (code) => {
    const { Worker } = await import("node:worker_threads");
    await new Worker(code, { eval: true }).terminate();
  },
  node_worker_again: async (code) => {
    const { Worker } = await import("node:worker_threads");
    Object.setPrototypeOf(Worker, Object);
    await new Worker(code, { eval: true }).terminate();
  },
};

/** "done", or the name of the error. */
async function tryIt(kind: string, what: string): Promise<string> {
  try {
    await TRIES[kind]?.(what);
    return "done";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

const scope = self as unknown as Parameters<typeof serveKeeper>[0];

serveKeeper(scope, {
  message(data) {
    const [order, what] = data as [string, string];
    if (order === "close") self.close();
    else if (order === "exit") Deno.exit(0);
    else if (order === "hang") { while (true); }
    else if (order === "hello") scope.postMessage("here");
    else {
      tryIt(order, what).then((outcome) =>
        scope.postMessage([order, what, outcome])
      );
    }
  },
  stop() {},
  uncaught(error) {
    scope.postMessage(String(error));
  },
});
