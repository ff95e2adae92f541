import { IdNames } from "../../lib/client/id_names.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { Brakes } from "./core/brakes.ts";
import { Ending } from "./ending.ts";
import type { Heard } from "./heard.ts";
import { FileDesk } from "./files/file_desk.ts";
import { FileFetch } from "./files/file_fetch.ts";
import { FileIntake } from "./files/file_intake.ts";
import { FileKeys } from "./files/file_keys.ts";
import { FileScopes } from "./files/file_scopes.ts";
import { FileUploads } from "./files/file_uploads.ts";
import { PartSender } from "./files/part_sender.ts";
import { HeardReceipts } from "./receipts/heard_receipts.ts";
import { ReceiptWays } from "./receipts/receipt_ways.ts";
import { Receipts } from "./receipts/receipts.ts";
import { DirectInbox } from "./direct/direct_inbox.ts";
import { PairPlaces } from "./direct/pair_places.ts";
import { PairRooms } from "./direct/pair_rooms.ts";
import { PairSealer } from "./direct/pair_sealer.ts";
import { RequestsDesk } from "./direct/requests_desk.ts";
import { TalkPast } from "./direct/talk_past.ts";
import { TalkReceipts } from "./direct/talk_receipts.ts";
import { TalkHearing } from "./direct/talk_hearing.ts";
import { TalkViews } from "./direct/talk_views.ts";
import { Talks } from "./direct/talks.ts";
import { Presences } from "./presence.ts";
import { Arrivals } from "./read/arrivals.ts";
import { MessageWaiters } from "./read/message_waiters.ts";
import { Digests } from "./read/digest.ts";
import { MessageLookup } from "./read/message_lookup.ts";
import { People } from "./read/people.ts";
import { RoomFrames } from "./read/room_frames.ts";
import { RoomHistory } from "./read/room_history.ts";
import { RoomPages } from "./read/room_pages.ts";
import { RoomViews } from "./read/room_views.ts";
import { ShownMessages } from "./read/shown_messages.ts";
import { Waking } from "./read/waking.ts";
import { WaitingReads } from "./read/waiting_reads.ts";
import { HeldMessages } from "./receive/held_messages.ts";
import { MessageChecks } from "./receive/message_checks.ts";
import { PastFetcher } from "./receive/past_fetcher.ts";
import { PushedFrames } from "./receive/pushed_frames.ts";
import { Receiver } from "./receive/receiver.ts";
import { RoomRequests } from "./room_requests.ts";
import { RoomRunner } from "./room_runner.ts";
import { Outbox } from "./send/outbox.ts";
import { OwnMessages } from "./send/own_messages.ts";
import { SendWay } from "./send/send_way.ts";
import { SendLedger } from "./send/send_ledger.ts";
import { Sending } from "./send/sending.ts";
import type { SessionOptions } from "./session_options.ts";
import { PrivateRecovery } from "./private_recovery.ts";
import { Invites } from "./invites.ts";
import { PrivateMembers } from "./private_members.ts";
import { PrivateRequests } from "./private_requests.ts";
import { SealedRooms } from "./sealed_rooms.ts";
import { makeReconnect, randomOf } from "./relay_line.ts";
import { connectByName, restByName } from "./wire_names.ts";
import { StoredState } from "./stored_state.ts";

export interface PartsOptions {
  readonly options: SessionOptions;
  /** Called, never while the parts are made, with what the session is to hear. */
  readonly heard: (event: Heard) => void;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

export type Parts = ReturnType<typeof makeParts>;

/**
 * The parts of a session, each made of those above it: what it needs is what it is given, so that two of these lines in
 * the wrong order do not compile.
 *
 * @throws Failure FILE_TROUBLE
 */
export function makeParts({ options, heard, closed }: PartsOptions) {
  const { settings, clock, log, randomBytes, askKeys } = options;
  const { agentId: me, agentName, queueForMs } = settings;
  const names = new IdNames();
  const brakes = new Brakes();
  const verifier = new Verifier();
  const stored = new StoredState(options);
  const { privateRooms } = stored;
  const restHistory = restByName(options.restHistory, privateRooms);
  const checks = new MessageChecks(
    verifier,
    (wire) => privateRooms.nameOf(wire),
  );
  const { rooms, mailbox, contacts, sends, database, peers } = stored;
  const { mentions } = mailbox;
  const waiters = new MessageWaiters(clock, mentions);
  const people = new People({
    ...{ me, contacts, rooms, peers, clock, mentions },
    requests: stored.requests,
  });
  const shown = new ShownMessages({
    ...{ me: { id: me, name: agentName }, mailbox, sends, people },
  });
  const arrivals = new Arrivals({
    ...{ people, shown, brakes, waiters },
    came: () => receipts.changed(),
  });
  const waking = new Waking({
    ...{ mailbox, people, contacts, rooms, waiters, clock },
    policies: settings.wake,
    changed: () => heard({ wakeable: true }),
  });
  const connect = connectByName(options.connect, privateRooms);
  const reconnect = makeReconnect({ ...options, connect }, heard);
  const heardReceipts = new HeardReceipts({ me, stored, checks });
  const tellsReceipts = settings.receipts !== "off";
  const presences = new Presences({ me, rooms, reconnect, waking });
  const own = new OwnMessages({
    ...{ me: { id: me, name: agentName }, stored, clock, heard },
  });
  const hearing = new TalkHearing({ me, stored, clock, closed });
  const sealer = new PairSealer({
    ...{ me, peers, hearing, askKeys, verifier, clock, randomBytes },
  });
  const talks = new Talks({
    ...{ me: { id: me, name: agentName }, stored, people, askKeys },
  });
  const inbox = new DirectInbox({
    ...{ me, stored, talks, sealer, hearing, verifier, people, arrivals },
    ...{ receipts: heardReceipts, tellsReceipts },
    ...{ reconnect, clock, log, closed },
  });
  const places = new PairPlaces({ inbox, checks, heard, clock });
  const pairs = new PairRooms({
    ...{ stored, places, reconnect, restHistory, askKeys, clock, log, closed },
  });
  const talkViews = new TalkViews({
    ...{ me: { id: me, name: agentName }, stored, talks, hearing, places },
    ...{ shown, reconnect },
  });
  const desk = new RequestsDesk({ stored, talks, people, arrivals, inbox });
  const sealed = new SealedRooms({
    ...{ me: { id: me, name: agentName }, stored, askKeys, verifier },
    pairs: sealer,
    ...{ reconnect, own, arrivals, clock, randomBytes, log, closed },
    ...{ receipts: heardReceipts, tellsReceipts },
  });
  const reads = new WaitingReads({
    ...{ clock, waiters, mailbox, shown, sealed },
    sealedFrames: stored.sealedFrames,
  });
  const ledger = new SendLedger({ sends, database, log });
  const outside = (room: string) => heard({ outside: room });
  const way = new SendWay({
    ...{ me, rooms, peers, pairs: places, reconnect },
    ...{ frames: stored.talkFrames, failed: stored.failed },
  });
  const talkReceipts = new TalkReceipts({
    ...{ sealer, way, reconnect, randomBytes },
  });
  const receipts = new Receipts({
    ...{ policy: settings.receipts, stored, people, clock, logger: log },
    ways: new ReceiptWays({
      ...{ me, rooms, reconnect, sealed, talks: talkReceipts },
    }),
  });
  const { store, blobs } = options.files;
  const scopes = new FileScopes({ stored, reconnect });
  const parts = new PartSender({
    ...{ me, scopes, way, own, reconnect, clock, randomBytes, closed },
    fileParts: stored.fileParts,
  });
  const uploads = new FileUploads({
    ...{ store, blobs, parts, scopes, sends, reconnect, clock, log, closed },
    settled: () => void outbox.wake(),
  });
  const intake = new FileIntake({
    ...{ store, scopes, uploads, parts, clock, log, randomBytes },
  });
  const outbox = new Outbox({
    ...{ ledger, reconnect, way, own, sealed, clock, queueForMs },
    files: uploads,
    ...{ log, outside },
  });
  const sending = new Sending({
    ...{ rooms, sends, mailbox, outbox, way, sealed, brakes, clock, reconnect },
    ...{ intake, randomBytes },
    brakesOn: settings.brakes,
  });
  const receiver = new Receiver({
    ...{ me, stored, names, clock, reconnect, outbox, arrivals },
    tellsReceipts,
  });
  const pastFetcher = new PastFetcher({
    ...{ stored, receiver, checks, restHistory, clock },
  });
  const heldMessages = new HeldMessages({ receiver, stored, clock });
  const runner = new RoomRunner({
    ...{ stored, reconnect, receiver, heldMessages, pastFetcher },
    ...{ outbox, names, me, clock, log },
    random: () => randomOf(randomBytes),
  });
  const pushed = new PushedFrames({
    ...{ stored, checks, outbox, runner, inbox, names, clock, heard },
    pairs: places,
  });
  const requests = new RoomRequests({
    ...{ rooms, runner, heldMessages, reconnect, outbox, brakes },
    ...{ clock, log, closed },
    wireOf: (name) => privateRooms.wireOf(name),
  });
  const pages = new RoomPages({ reconnect, restHistory });
  const fileKeys = new FileKeys();
  const history = new RoomHistory({
    ...{ pages, checks, names, shown, mailbox, sealed, fileKeys },
  });
  const frames = new RoomFrames({
    ...{ pages, checks, sealed, privateRooms, talks },
    talkPast: new TalkPast({ stored, sealer }),
  });
  const digests = new Digests({
    ...{ me: { id: me }, mailbox, history, people, shown },
  });
  const lookup = new MessageLookup({ mailbox, rooms, history });
  const fetch = new FileFetch({
    ...{ lookup, mailbox, keys: fileKeys, scopes, blobs, clock },
    fileParts: stored.fileParts,
  });
  const fileDesk = new FileDesk({
    ...{ mailbox, shown, talks, desk, intake, fetch },
  });
  const members = new PrivateMembers({
    ...{ options, stored, sealed, people },
  });
  const views = new RoomViews({
    ...{ people, talkViews, requests, presences, sealed, members, history },
  });
  const invites = new Invites({ options, requests, sealed, members });
  const privates = new PrivateRequests({
    ...{ options, stored, sealed, requests, members, closed },
  });
  const recovery = new PrivateRecovery({
    ...{ me, stored, sealed, requests, reconnect, checks, restHistory },
    ...{ askKeys, verifier },
    now: () => clock.wall(),
  });
  const { requestStop, requestHandover } = options;
  const ending = new Ending({
    ...{ outbox, reconnect, clock, requestStop, requestHandover },
  });
  return {
    ending,
    ...{ sealed, privates, invites, members, recovery },
    ...{ stored, reconnect, outbox, sending, runner, requests, pushed },
    ...{ checks, waiters, people, shown, reads, history, frames },
    ...{ lookup, digests },
    ...{ waking, presences, receipts, heardReceipts, talks, inbox, desk },
    ...{ hearing, places, pairs, talkViews, views, fileDesk, intake },
  };
}
