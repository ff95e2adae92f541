/** What a worker does again and again beside a load; how long each time took, in milliseconds. */
export interface TimedWorker {
  /** @throws when one of its turns failed. */
  stop(): Promise<readonly number[]>;
}

/**
 * Lets a worker of this folder work from 127.0.0.2 until it is stopped. Returns once it says "begun"; its last message
 * is `{ times }`, or `{ failed, times }`.
 */
export async function timedWorker(
  module: URL,
  url: string,
): Promise<TimedWorker> {
  const worker = new Worker(module, { type: "module" });
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<readonly number[]>();
  done.promise.catch(begun.reject);
  worker.onmessage = ({ data }) => {
    if (data === "begun") begun.resolve();
    else if (data.failed === undefined) done.resolve(data.times);
    else {
      const { failed, times } = data;
      done.reject(new Error(`${failed}, after ${times.length} good ones`));
    }
  };
  worker.onerror = (event) => {
    event.preventDefault();
    done.reject(new Error(event.message));
  };
  worker.postMessage({ url, localAddress: "127.0.0.2" });
  try {
    await begun.promise;
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    async stop() {
      worker.postMessage("stop");
      try {
        return await done.promise;
      } finally {
        worker.terminate();
      }
    },
  };
}
