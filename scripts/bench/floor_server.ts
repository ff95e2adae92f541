import { WebSocket } from "ws";

/**
 * Runs an action against a WebSocket server in a worker of its own, which posts its port once it listens.
 *
 * @param module the worker's entry.
 * @param action is given ws://127.0.0.1:PORT/
 */
export async function withFloorServer<Result>(
  module: URL,
  action: (url: string) => Promise<Result>,
): Promise<Result> {
  const worker = new Worker(module, { type: "module" });
  try {
    const port = await new Promise<number>((resolve) =>
      worker.onmessage = ({ data }) => resolve(data as number)
    );
    return await action(`ws://127.0.0.1:${port}/`);
  } finally {
    worker.terminate();
  }
}

/** A WebSocket that is open. */
export function openSocket(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
  });
}
