import { Failure } from "../../lib/errors.ts";
import type { ReadRequest } from "../../lib/local_api/types/mailbox.ts";
import type { Logger } from "../../lib/log.ts";
import { Contacts } from "../mailbox/contacts.ts";
import { type MailboxDatabase, openMailbox } from "../mailbox/database.ts";
import { DirectPeers } from "../mailbox/direct_peers.ts";
import { EpochRecords } from "../mailbox/epoch_records.ts";
import { FileParts } from "../mailbox/file_parts.ts";
import { LeaveLog } from "../mailbox/leave_log.ts";
import { Mailbox } from "../mailbox/mailbox.ts";
import { MessageRequests } from "../mailbox/message_requests.ts";
import { PrivateRooms } from "../mailbox/private_rooms.ts";
import { ReceiptLog } from "../mailbox/receipt_log.ts";
import { RelayNames } from "../mailbox/relay_names.ts";
import { RoomMemory } from "../mailbox/room_memory.ts";
import { SealedFrames } from "../mailbox/sealed_frames.ts";
import { TalkFrames } from "../mailbox/talk_frames.ts";
import { SendLog } from "../mailbox/send_log.ts";
import { openSqlite } from "../../lib/sql/sql.ts";
import { Rooms } from "./rooms.ts";
import type { SessionOptions } from "./session_options.ts";

/** What a session keeps on disk, and how that stands. */
export class StoredState {
  readonly database: MailboxDatabase;
  readonly mailbox: Mailbox;
  readonly sends: SendLog;
  readonly receipts: ReceiptLog;
  readonly rooms: Rooms;
  readonly contacts: Contacts;
  readonly privateRooms: PrivateRooms;
  readonly sealedFrames: SealedFrames;
  readonly epochRecords: EpochRecords;
  readonly leaveLog: LeaveLog;
  readonly peers: DirectPeers;
  readonly requests: MessageRequests;
  readonly talkFrames: TalkFrames;
  readonly fileParts: FileParts;
  readonly #log: Logger;
  readonly #opening: readonly string[];
  /** Why the mailbox can't be written, while it can't. */
  #trouble: string | undefined;

  /**
   * Opens the mailbox. A damaged or unwritable file is a warning.
   *
   * @throws Failure FILE_TROUBLE where a newer program wrote it, or it can't be read.
   */
  constructor(options: SessionOptions) {
    const { settings, clock, log } = options;
    const me = { id: settings.agentId, name: settings.agentName };
    const { buffer, relayUrls } = settings;
    const { database, warnings } = openMailbox(options.databasePath, {
      open: options.openDatabase ?? openSqlite,
      now: clock.wall(),
    });
    for (const warning of warnings) log.warn("mailbox", { warning });
    this.#log = log;
    this.#opening = warnings;
    this.database = database;
    this.mailbox = new Mailbox(database, { me, buffer });
    const relay = this.#relayName(relayUrls);
    this.sends = new SendLog(database, relay);
    this.receipts = new ReceiptLog(database, relay);
    this.rooms = new Rooms(new RoomMemory(database, relay));
    this.contacts = new Contacts(database);
    this.privateRooms = new PrivateRooms(database, relay);
    this.sealedFrames = new SealedFrames(database, relay);
    this.epochRecords = new EpochRecords(database, relay);
    this.leaveLog = new LeaveLog(database, relay);
    this.peers = new DirectPeers(database, relay);
    this.requests = new MessageRequests(database);
    this.talkFrames = new TalkFrames(database);
    this.fileParts = new FileParts(database);
    this.#endStrays();
  }

  /** Under which its rooms are kept; where that can't be noted, until it can. */
  #relayName(urls: readonly [string, ...string[]]): string {
    const names = new RelayNames(this.database, urls);
    try {
      names.note();
    } catch (error) {
      this.failed(Failure.from(error));
    }
    return names.name;
  }

  /**
   * Private rooms that a kill left behind, before this agent was in them or when it was not in them any more, and what was
   * to be said there: it may not go to a public room that gets their name.
   */
  #endStrays(): void {
    const { database, privateRooms, rooms, sends } = this;
    const strays = privateRooms.all().filter(({ name }) =>
      rooms.get(name) === undefined
    );
    for (const { name } of strays) {
      const reason = "its private room is gone";
      const waiting = sends.open().filter(({ room, status }) =>
        room === name && status === "queued"
      );
      database.transaction(() => {
        for (const { id } of waiting) {
          sends.settle(id, { status: "failed", reason });
        }
        privateRooms.forget(name);
      });
    }
  }

  /** For `status`: what opening it told, and what is amiss now. */
  get warnings(): readonly string[] {
    return this.#trouble === undefined
      ? this.#opening
      : [...this.#opening, `${this.#trouble}; what comes is fetched again`];
  }

  /** The mailbox could not be read or written. */
  readonly failed = (failure: Failure): void => {
    if (this.#trouble === undefined) {
      this.#log.error("mailbox trouble", { reason: failure.message });
    }
    this.#trouble = failure.message;
  };

  /** It was written again. */
  readonly recovered = (): void => {
    this.#trouble = undefined;
  };

  /** Notes what was shown. @throws Failure FILE_TROUBLE, and nothing is noted */
  read(request: ReadRequest): void {
    this.database.durably(() => {
      for (const one of request.sealed ?? []) this.sealedFrames.told(one);
      this.mailbox.read(request);
    });
  }

  /** Unread messages by room; none while the mailbox can't be read, which is noted. */
  unread(): ReadonlyMap<string, number> {
    try {
      return this.mailbox.unread();
    } catch (error) {
      this.failed(Failure.from(error));
      return new Map();
    }
  }
}
