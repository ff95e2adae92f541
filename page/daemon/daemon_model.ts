import { batch, signal } from "@preact/signals";
import {
  type ContactRow,
  type DaemonStatus,
  readContacts,
  readMailboxPage,
  readSent,
  readStatus,
  readTrouble,
  type SentRow,
} from "../feed/daemon_rows.ts";
import { parseJson } from "../feed/rows.ts";
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
  readonly room = signal("");
  readonly timeline = signal<Timeline>(EMPTY);
  /** Why the last word was not sent, or how it stands. */
  readonly told = signal("");
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
    const response = await fetch("v2/send", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        ...{ room: this.room.value, text, id: crypto.randomUUID() },
      }),
    });
    const answer = parseJson(await response.text());
    this.told.value = response.ok
      ? toldOf(answer)
      : readTrouble(answer) || `refused with ${response.status}`;
    await this.refresh();
    return response.ok;
  }

  async #read(): Promise<void> {
    const room = this.room.value;
    const [status, sent, contacts, page] = await Promise.all([
      get("v2/status"),
      get(`v2/sent?limit=${SENT}`),
      get("v2/contacts"),
      room === "" ? null : get(mailbox(room, 0)),
    ]);
    batch(() => {
      this.status.value = readStatus(status);
      this.sent.value = readSent(sent);
      this.contacts.value = readContacts(contacts);
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

function toldOf(answer: unknown): string {
  const { status } = Object(answer) as { readonly status?: unknown };
  return status === "accepted"
    ? "sent"
    : status === "queued"
    ? "kept; it goes out once there is a connection"
    : "sent; whether the relay has it is not known";
}
