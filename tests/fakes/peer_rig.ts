import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { type Intake, Peer } from "../../relay/shell/peer.ts";
import type { WebSocket } from "../../relay/shell/ws_types.ts";

/** A socket that remembers what it was told. */
export class FakeSocket {
  isPaused = false;
  readyState = 1;
  closed: number | null = null;
  isTerminated = false;
  readonly stream = new FakeStream();
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  close(code: number): void {
    this.stream.write(Buffer.from("closed"));
    this.closed = code;
    this.readyState = 2;
  }
  terminate(): void {
    this.isTerminated = true;
    this.readyState = 3;
  }
}

/** Keeps each write as it came. */
export class FakeStream extends Duplex {
  readonly writes: Buffer[] = [];
  /** Whether the other end reads. */
  isRead = true;
  #taken = () => {};

  /** The other end reads what waits, and goes on. */
  readOn(): void {
    this.isRead = true;
    this.#taken();
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(bytes);
    if (this.isRead) done();
    else this.#taken = done;
  }
}

/** A peer over a fake socket, logged in unless `agent` is empty. */
export function peerOn(
  socket: FakeSocket,
  { id = 1, agent = "A", intake = {} }: {
    id?: number;
    agent?: string;
    intake?: Partial<Intake>;
  } = {},
): Peer {
  const peer = new Peer(id, {
    socket: socket as unknown as WebSocket,
    stream: socket.stream,
    address: "192.0.2.1",
    intake: {
      mayGoOn: () => true,
      sendAhead: () => false,
      handle: () => {},
      ...intake,
    },
  }, 0);
  if (agent !== "") peer.loggedIn(agent);
  return peer;
}
