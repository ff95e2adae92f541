import assert from "node:assert/strict";
import { systemClock } from "../../lib/clock.ts";
import { silentLogger } from "../../lib/log.ts";
import {
  sandboxed,
  SupervisedWorker,
  type WorkerPermissions,
} from "../../lib/sandbox.ts";

const WORKER = new URL("../fakes/obeying_worker.ts", import.meta.url);
const NOTHING: WorkerPermissions = {
  net: false,
  read: false,
  write: false,
  env: false,
};

/** A real worker under supervision, with what it said so far. */
class Supervised {
  readonly #worker: SupervisedWorker;
  readonly reasons: string[] = [];
  #hear: (message: unknown) => void = () => {};

  constructor(permissions: WorkerPermissions) {
    this.#worker = new SupervisedWorker({
      name: "obeys",
      start: () => new Worker(WORKER, sandboxed("obeys", permissions)),
      init: () => ({ message: ["hello", ""], transfer: [] }),
      onMessage: (message) => this.#hear(message),
      onRestart: (reason) => this.reasons.push(reason),
      clock: systemClock,
      log: silentLogger,
      hangAfterMs: 2_000,
    });
  }

  /** Resolves at its next message after `act`. */
  next(act: () => void): Promise<unknown> {
    return new Promise((resolve) => {
      this.#hear = resolve;
      act();
    });
  }

  start(): Promise<unknown> {
    return this.next(() => this.#worker.start());
  }

  ask(order: string, what = ""): Promise<unknown> {
    return this.next(() => this.#worker.post([order, what]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.stop();
  }
}

for (const order of ["close", "exit", "hang"]) {
  Deno.test(`SupervisedWorker: a real worker told to ${order} is started again, with a reason`, async () => {
    await using worker = new Supervised(NOTHING);
    assert.equal(await worker.start(), "here");
    // The next thing heard is the greeting of its successor.
    assert.equal(await worker.ask(order), "here");
    assert.equal(worker.reasons.length, 1);
    assert.notEqual(worker.reasons[0], "");
  });
}

Deno.test("sandboxed: a worker reaches what it was granted and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  using granted = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await Deno.mkdir(`${folder}/state`);
    await Deno.writeTextFile(`${folder}/agent.key`, "secret");
    await Deno.writeTextFile(`${folder}/code.js`, "export const a = 1;");
    await using worker = new Supervised({
      net: [`127.0.0.1:${granted.addr.port}`],
      read: [`${folder}/state`],
      write: [`${folder}/state`],
      env: false,
    });
    await worker.start();
    const allowed = [
      ["write", `${folder}/state/a`],
      ["read", `${folder}/state/a`],
      ["connect", `127.0.0.1:${granted.addr.port}`],
    ];
    const refused = [
      ["read", `${folder}/agent.key`],
      ["read", `${folder}/state/../agent.key`],
      ["write", `${folder}/agent.key`],
      ["connect", `127.0.0.1:${other.addr.port}`],
      ["connect", `localhost:${granted.addr.port}`],
      ["env", "HOME"],
      ["run", "/bin/true"],
      ["hostname", ""],
      ["open", "libc.so.6"],
      ["import", `file://${folder}/code.js`],
      ["cache", "c"],
      ["worker", "data:text/javascript,1"],
      ["node_worker", "1"],
      ["node_worker_again", "1"],
    ];
    for (const [order = "", what = ""] of allowed) {
      assert.deepEqual(await worker.ask(order, what), [order, what, "done"]);
    }
    for (const [order = "", what = ""] of refused) {
      const [, , outcome] = await worker.ask(order, what) as string[];
      assert.match(
        outcome ?? "",
        /NotCapable|TypeError|ReferenceError/,
        `${order} ${what}`,
      );
    }
    assert.deepEqual(worker.reasons, []);
    assert.equal(await Deno.readTextFile(`${folder}/agent.key`), "secret");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
