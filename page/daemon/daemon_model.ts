import { batch, signal } from "@preact/signals";
import {
  type ContactRow,
  type DaemonStatus,
  readContacts,
  readMailboxPage,
  readRequests,
  readSent,
  readStatus,
  readTrouble,
  type RequestRow,
  type SentRow,
} from "../feed/daemon_rows.ts";
import { type MessageRow, parseJson } from "../feed/rows.ts";
import {
  EMPTY,
  type Timeline,
  withNewest,
  withOlder,
} from "../feed/timeline.ts";

const EVERY_MS = 5_000;
const PAGE = 200;
const SENT = 50;

/** What the page knows of the daemon. */
export class DaemonModel {
  readonly status = signal<DaemonStatus | null>(null);
  readonly sent = signal<readonly SentRow[]>([]);
  readonly contacts = signal<readonly ContactRow[]>([]);
  readonly requests = signal<readonly RequestRow[]>([]);
  readonly room = signal("");
  readonly timeline = signal<Timeline>(EMPTY);
  /** What the next word answers. */
  readonly answered = signal<MessageRow | null>(null);
  /** Why the last word was not sent, or how it stands. */
  readonly told = signal("");
  /** Why the last request was not decided, or what came of it. */
  readonly decided = signal("");
  readonly isGone = signal(false);
  #isReading = false;
  #isStale = false;

  /** @returns ends it. */
  open(): () => void {
    const events = new EventSource("v2/events");
    events.addEventListener("message", () => void this.refresh());
    const timer = setInterval(() => void this.refresh(), EVERY_MS);
    void this.refresh();
    return () => {
      events.close();
      clearInterval(timer);
    };
  }

  choose(room: string): void {
    batch(() => {
      this.room.value = room;
      this.timeline.value = EMPTY;
      this.answered.value = null;
      this.told.value = "";
    });
    void this.refresh();
  }

  /** Reads everything again, once at a time. */
  async refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#read();
      }
      this.isGone.value = false;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.isGone.value = true;
    } finally {
      this.#isReading = false;
    }
  }

  async readOlder(): Promise<void> {
    const { hasOlder, messages } = this.timeline.value;
    const room = this.room.value;
    if (!hasOlder || messages.length === 0) return;
    const page = readMailboxPage(await get(mailbox(room, messages.length)));
    if (room !== this.room.value) return;
    this.timeline.value = withOlder(this.timeline.value, page);
  }

  /** Sends a text as this agent, marked as written by a person. @returns whether the daemon took it. */
  async send(text: string): Promise<boolean> {
    const answered = this.answered.value;
    const { isDone, answer } = await post("v2/send", {
      ...{ room: this.room.value, text, id: crypto.randomUUID() },
      ...(answered === null ? {} : { reply_to: answered.id }),
    });
    this.told.value = isDone ? toldOf(answer) : answer;
    if (isDone && this.answered.value === answered) this.answered.value = null;
    await this.refresh();
    return isDone;
  }

  /** Lets an agent that asked write to this one. */
  async accept({ from }: RequestRow): Promise<void> {
    await this.#decide("v2/accept", from, "accepted");
  }

  /** Takes away what an agent asked; it may ask again. */
  async drop({ from }: RequestRow): Promise<void> {
    await this.#decide("v2/drop_request", from, "dropped");
  }

  async #decide(path: string, agent: string, done: string): Promise<void> {
    const { isDone, answer } = await post(path, { agent });
    this.decided.value = isDone ? done : answer;
    await this.refresh();
    const { room } = Object(answer) as { readonly room?: unknown };
    if (typeof room === "string") this.choose(room);
  }

  async #read(): Promise<void> {
    const room = this.room.value;
    const [status, sent, contacts, requests, page] = await Promise.all([
      get("v2/status"),
      get(`v2/sent?limit=${SENT}`),
      get("v2/contacts"),
      get("v2/requests"),
      room === "" ? null : get(mailbox(room, 0)),
    ]);
    batch(() => {
      this.status.value = readStatus(status);
      this.sent.value = readSent(sent);
      this.contacts.value = readContacts(contacts);
      this.requests.value = readRequests(requests);
      if (page === null || room !== this.room.value) return;
      const newest = readMailboxPage(page);
      this.timeline.value = withNewest(this.timeline.value, newest) ??
        withNewest(EMPTY, newest) ?? EMPTY;
    });
    const [first] = this.status.value?.rooms ?? [];
    if (room === "" && first !== undefined) this.choose(first.name);
  }
}

/** All that is kept of a room: looking at it here leaves it unread for the agent. */
function mailbox(room: string, skip: number): string {
  const query = new URLSearchParams({
    ...{ room, all: "true", last: String(PAGE), skip: String(skip) },
  });
  return `v2/messages?${query}`;
}

/** @throws TypeError where the daemon is gone, or does not know this browser any more. */
async function get(path: string): Promise<unknown> {
  const response = await fetch(path);
  if (!response.ok) throw new TypeError(`${path}: ${response.status}`);
  return parseJson(await response.text());
}

type Posted =
  | { readonly isDone: true; readonly answer: unknown }
  | { readonly isDone: false; readonly answer: string };

/** What the daemon answers, or in words why it did not do it. */
async function post(path: string, body: object): Promise<Posted> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = parseJson(await response.text());
  if (response.ok) return { isDone: true, answer };
  const trouble = readTrouble(answer) || `refused with ${response.status}`;
  return { isDone: false, answer: trouble };
}

function toldOf(answer: unknown): string {
  const { status } = Object(answer) as { readonly status?: unknown };
  return status === "accepted"
    ? "sent"
    : status === "queued"
    ? "kept; it goes out once there is a connection"
    : "sent; whether the relay has it is not known";
}
