import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { AddressCounts } from "./address_counts.ts";
import type { ClientWay } from "./client_way.ts";
import { refuseUpgrade } from "./http_front.ts";
import type { Accepted } from "./peer.ts";
import { webSocketServer } from "./web_socket_server.ts";
import type { WebSocketServer } from "./ws_types.ts";

export interface UpgradesOptions {
  readonly way: ClientWay;
  readonly counts: AddressCounts;
  readonly isOpen: () => boolean;
  readonly isBlocked: (address: string) => boolean;
  /** Counts a refusal by its status. */
  readonly refused: (status: number) => void;
  readonly opened: (accepted: Accepted) => void;
}

/** Makes WebSockets of the requests that ask for one and may have one. */
export class Upgrades {
  readonly #options: UpgradesOptions;
  readonly #sockets: WebSocketServer = webSocketServer();

  constructor(options: UpgradesOptions) {
    this.#options = options;
  }

  take(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { way, refused, opened } = this.#options;
    const address = way.keyOf(request);
    const refusal = this.#refusal(request, address);
    if (refusal !== null) {
      refused(Number.parseInt(refusal, 10));
      return refuseUpgrade(socket, refusal);
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      opened({ socket: webSocket, stream: socket, address });
    });
  }

  /** The status line of a refused upgrade, or null. */
  #refusal(request: IncomingMessage, address: string): string | null {
    const { counts, isBlocked, isOpen } = this.#options;
    if (!isOpen()) return "503 Service Unavailable";
    if (isBlocked(address)) return "403 Forbidden";
    if (!this.#sockets.shouldHandle(request)) return "404 Not Found";
    return counts.mayOpen(address) ? null : "503 Service Unavailable";
  }
}
