// Worker entry: starts session workers and passes messages between them and the keeper. It takes nothing from
// outside; it only keeps the permissions that the keeper gives away (worker_spawner.ts).

import { sandboxed } from "../../lib/sandbox.ts";
import type { FromSpawner, ToSpawner } from "./spawner_messages.ts";

interface Scope {
  onmessage: ((event: MessageEvent<ToSpawner>) => void) | null;
  postMessage(message: FromSpawner, transfer?: Transferable[]): void;
}

const scope = self as unknown as Scope;
const children = new Map<number, Worker>();

scope.onmessage = ({ data, ports }) => {
  switch (data.type) {
    case "start":
      return start(data);
    case "post":
      return children.get(data.id)?.postMessage(data.message, [...ports]);
    case "terminate":
      children.get(data.id)?.terminate();
      children.delete(data.id);
      return;
    default:
      return data satisfies never;
  }
};

function start({ id, permissions }: Extract<ToSpawner, { type: "start" }>) {
  const child = new Worker(
    new URL("../worker/session_worker.ts", import.meta.url),
    sandboxed("session", permissions),
  );
  children.set(id, child);
  child.onmessage = ({ data, ports }) =>
    scope.postMessage({ type: "message", id, message: data }, [...ports]);
  child.onmessageerror = () => scope.postMessage({ type: "message_error", id });
  child.onerror = (event) => {
    event.preventDefault();
    scope.postMessage({ type: "error", id, reason: event.message });
  };
}
