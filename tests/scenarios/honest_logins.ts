/** Honest logins beside a load; how long each took, in milliseconds. */
export interface HonestLogins {
  /** @throws when one of them failed. */
  stop(): Promise<readonly number[]>;
}

/** Lets an honest agent log in over and over from 127.0.0.2 until it is stopped. Returns when the first is through. */
export async function honestLogins(url: string): Promise<HonestLogins> {
  const worker = new Worker(
    new URL("./honest_login_worker.ts", import.meta.url),
    { type: "module" },
  );
  const first = Promise.withResolvers<void>();
  const done = Promise.withResolvers<readonly number[]>();
  done.promise.catch(first.reject);
  worker.onmessage = ({ data }) => {
    if (data === "first") return first.resolve();
    if (data.failed === undefined) return done.resolve(data.times);
    done.reject(
      new Error(
        `an honest login failed after ${data.times.length} good ones: ${data.failed}`,
      ),
    );
  };
  worker.onerror = (event) => {
    event.preventDefault();
    done.reject(new Error(event.message));
  };
  worker.postMessage({ url, localAddress: "127.0.0.2" });
  await first.promise;
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
