import { Failure } from "../../lib/errors.ts";
import type * as api from "../../lib/local_api/types.ts";
import type { AgentApi } from "../agent_api.ts";
import type { SessionOptions } from "./session_options.ts";

/** One agent's life at one relay: connection, rooms, mailbox, outbox, behind the local API. */
export class Session implements AgentApi {
  readonly #options: SessionOptions;

  /** Opens the mailbox; dials only when {@link start} is called. Never throws. */
  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Starts to connect, and keeps trying until {@link close}. */
  start(): void {
    this.#options.log.info("session started");
  }

  /** Ends the connection, every wait and every timer, and closes the mailbox. */
  close(): void {
    this.#options.log.info("session closed");
  }

  status(): api.Status {
    throw soon();
  }
  identity(): api.WhoAmI {
    const { agentId, agentName } = this.#options.settings;
    return { id: agentId, name: agentName };
  }
  rooms(_query: api.RoomsQuery): Promise<api.RoomsPage> {
    return Promise.reject(soon());
  }
  members(_room: string): Promise<api.JoinedRoom> {
    return Promise.reject(soon());
  }
  create(_request: api.CreateRequest): Promise<api.JoinedRoom> {
    return Promise.reject(soon());
  }
  join(_request: api.RoomRequest): Promise<api.JoinedRoom> {
    return Promise.reject(soon());
  }
  leave(_request: api.RoomRequest): Promise<api.LeftRoom> {
    return Promise.reject(soon());
  }
  send(_request: api.SendRequest): Promise<api.SendResult> {
    return Promise.reject(soon());
  }
  messages(
    _query: api.MessagesQuery,
    _signal: AbortSignal,
  ): Promise<api.MessagesPage> {
    return Promise.reject(soon());
  }
  count(_query: api.MessagesQuery): api.MessageCount {
    throw soon();
  }
  read(_request: api.ReadRequest): api.ReadDone {
    throw soon();
  }
  history(
    _query: { room: string; limit: number; before_seq?: number },
  ): Promise<api.HistoryPage> {
    return Promise.reject(soon());
  }
  message(_id: string): api.OneMessage {
    throw soon();
  }
  sent(_limit: number): api.SentPage {
    throw soon();
  }
  search(
    _query: { words: string; room?: string; limit: number },
  ): api.MessagesPage {
    throw soon();
  }
  subscribe(_listener: (message: api.ReceivedMessage) => void): () => void {
    return () => {};
  }
  stop(): api.Stopping {
    this.#options.requestStop();
    return { status: "stopping" };
  }
}

function soon(): Failure {
  return new Failure("NOT_CONNECTED", { fields: { reason: "starting" } });
}
