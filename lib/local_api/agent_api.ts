import type * as api from "./types.ts";

/**
 * What the local API's routes need of the session: the seam between HTTP and everything behind it. Inputs are
 * parsed already. Every method rejects with a `Failure` and nothing else.
 */
export interface AgentApi {
  status(): api.Status;
  identity(): api.WhoAmI;
  rooms(query: api.RoomsQuery): Promise<api.RoomsPage>;
  /** The members as last heard of; joined rooms only. */
  members(room: string): Promise<api.JoinedRoom>;
  create(request: api.CreateRequest): Promise<api.JoinedRoom>;
  join(request: api.RoomRequest): Promise<api.JoinedRoom>;
  leave(request: api.RoomRequest): Promise<api.LeftRoom>;
  send(request: api.SendRequest): Promise<api.SendResult>;
  /** Never moves a cursor. Returns early when the signal is aborted (the caller went away). */
  messages(
    query: api.MessagesQuery,
    signal: AbortSignal,
  ): Promise<api.MessagesPage>;
  count(query: api.MessagesQuery): api.MessageCount;
  read(request: api.ReadRequest): api.ReadDone;
  history(
    query: { room: string; limit: number; before_seq?: number },
  ): Promise<api.HistoryPage>;
  message(query: api.MessageQuery): api.OneMessage;
  sent(limit: number): api.SentPage;
  search(
    query: { words: string; room?: string; limit: number },
  ): api.MessagesPage;
  /** What is kept of other agents. */
  contacts(): api.ContactsPage;
  mute(agent: string): api.ContactDone;
  unmute(agent: string): api.ContactDone;
  pin(request: api.PinRequest): api.ContactDone;
  unpin(agent: string): api.ContactDone;
  /** Calls back for each message as it enters the mailbox; returns what ends that. */
  subscribe(listener: (message: api.ReceivedMessage) => void): () => void;
  /** Asks the keeper to stop the daemon; the answer goes out first. */
  stop(): api.Stopping;
}
