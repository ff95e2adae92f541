import { IdNames } from "../../lib/client/id_names.ts";
import { Failure } from "../../lib/errors.ts";
import type { ReceivedMessage } from "../../lib/local_api/types.ts";
import { FEATURES, type RoomJoined } from "../../lib/protocol/frames.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { LoggedSend } from "../mailbox/send_log.ts";
import { Brakes } from "./core/brakes.ts";
import { CatchUp } from "./catch_up.ts";
import { Intake } from "./receive/receiver.ts";
import { JoinedRooms } from "./joined_rooms.ts";
import { Outbox } from "./send/outbox.ts";
import { RelayEvents } from "./relay_events.ts";
import { RoomHistory } from "./read/room_history.ts";
import { RoomOperations } from "./room_operations.ts";
import { RoomPaging } from "./receive/room_past.ts";
import type { Room } from "./rooms.ts";
import { SendLedger } from "./send/send_ledger.ts";
import { Sending } from "./send/sending.ts";
import type { RelayConnection, SessionOptions } from "./session_options.ts";
import type { StoredState } from "./stored_state.ts";
import { Reconnect } from "./reconnect.ts";

export interface SessionPartsOptions {
  readonly options: SessionOptions;
  readonly stored: StoredState;
  /** A message is in the mailbox. */
  readonly arrived: (message: ReceivedMessage) => void;
  /** Aborted when the session is closed. */
  readonly closed: AbortSignal;
}

/**
 * What a session does at its relay, put together: who keeps the connection, who enters rooms, who takes messages in and
 * who sends them out, each told of what the others see.
 */
export class SessionParts {
  readonly brakes = new Brakes();
  readonly reconnect: Reconnect;
  readonly intake: Intake;
  readonly catchUp: CatchUp;
  readonly joinedRooms: JoinedRooms;
  readonly outbox: Outbox;
  readonly events: RelayEvents;
  readonly history: RoomHistory;
  readonly operations: RoomOperations;
  readonly sending: Sending;
  /** Frames that could not be read. */
  malformed = 0;
  readonly #given: SessionPartsOptions;
  readonly #names = new IdNames();
  readonly #verifier = new Verifier();

  /** @throws Failure FILE_TROUBLE */
  constructor(given: SessionPartsOptions) {
    this.#given = given;
    this.reconnect = this.#makeReconnect();
    this.intake = this.#makeIntake();
    this.catchUp = this.#makeCatchUp();
    this.joinedRooms = this.#makeJoinedRooms();
    this.outbox = this.#makeOutbox();
    this.events = this.#makeEvents();
    this.history = this.#makeHistory();
    this.operations = this.#makeOperations();
    this.sending = this.#makeSending();
  }

  /** The connection, while there is one. */
  readonly connection = (): RelayConnection | undefined =>
    this.reconnect.connection;

  /** The connection. @throws Failure NOT_CONNECTED, with the time of the next try */
  readonly connected = (): RelayConnection => {
    const { connection, state } = this.reconnect;
    if (connection !== undefined) return connection;
    const { reason, retryAt } = state;
    const waitMs = (retryAt ?? 0) - this.#given.options.clock.wall();
    throw new Failure("NOT_CONNECTED", {
      fields: { reason },
      ...(waitMs > 0 ? { retryAfterMs: waitMs } : {}),
    });
  };

  readonly #skewMs = () => this.connection()?.clockSkewMs ?? 0;
  readonly #entered = (room: Room, frame: RoomJoined) =>
    this.events.entered(room, frame);

  #makeReconnect(): Reconnect {
    const { settings, clock, log, randomBytes, ...way } = this.#given.options;
    const { dial, sign, findProof, connect } = way;
    return new Reconnect({
      ...{ clock, log },
      random: () => {
        const [a = 0, b = 0, c = 0] = randomBytes(3);
        return ((a * 256 + b) * 256 + c) / 2 ** 24;
      },
      dial: (events, signal) =>
        connect({
          ...{ dial, clock, randomBytes, sign, findProof, events, signal },
          url: settings.relayUrl,
          features: FEATURES,
          profile: {
            id: settings.agentId,
            name: settings.agentName,
            version: settings.version,
          },
        }),
      connected: () => this.joinedRooms.start(),
      disconnected: () => this.events.disconnected(),
      push: (push) => this.events.push(push),
      dropped: (reason) => {
        this.malformed++;
        log.debug("frame dropped", { reason });
      },
    });
  }

  #makeIntake(): Intake {
    const { options: { clock, settings }, stored, arrived } = this.#given;
    const { database, mailbox, rooms } = stored;
    return new Intake({
      ...{ database, mailbox, rooms, clock, arrived },
      ...{ verifier: this.#verifier, names: this.#names, skewMs: this.#skewMs },
      me: settings.agentId,
      own: ({ id, seq }) => this.outbox.confirm(id, seq),
      needsPaging: (room) => this.catchUp.request(room),
      trouble: (failure, room) => {
        stored.failed(failure);
        this.catchUp.request(room);
      },
    });
  }

  #makeCatchUp(): CatchUp {
    const { options, stored, closed } = this.#given;
    const { clock, log, restHistory } = options;
    const { rooms, mailbox, failed, recovered } = stored;
    const { intake, connection } = this;
    const paging = new RoomPaging({
      ...{ rooms, intake, mailbox, restHistory, clock },
      ...{ verifier: this.#verifier, skewMs: this.#skewMs },
    });
    return new CatchUp({
      ...{ rooms, intake, paging, connection, clock, log, closed },
      ...{ trouble: failed, caughtUp: recovered },
      notInRoom: (room) => this.events.notInRoom(room.name),
    });
  }

  #makeJoinedRooms(): JoinedRooms {
    const { options: { clock, log }, stored: { rooms, failed } } = this.#given;
    return new JoinedRooms({
      ...{ rooms, connection: this.connection, clock, log },
      ...{ entered: this.#entered, trouble: failed },
      lastTaken: (room) => this.catchUp.ended(room),
    });
  }

  #makeOutbox(): Outbox {
    const { options, stored: { rooms, sends, database } } = this.#given;
    const { clock, log, settings: { queueForMs } } = options;
    return new Outbox({
      ...{ connection: this.connection, clock, queueForMs, log },
      ledger: new SendLedger({ sends, database, log }),
      isOpen: (name) => {
        const room = rooms.get(name);
        return room !== undefined && room.joined && !room.leaving;
      },
      accepted: (send, seq) => this.#accepted(send, seq),
      notInRoom: (room) => this.events.notInRoom(room),
    });
  }

  #makeEvents(): RelayEvents {
    const { options: { clock }, stored: { rooms, failed } } = this.#given;
    const { intake, catchUp, joinedRooms, outbox } = this;
    return new RelayEvents({
      ...{ rooms, clock, names: this.#names, trouble: failed },
      ...{ intake, catchUp, joinedRooms, outbox },
    });
  }

  #makeHistory(): RoomHistory {
    const { restHistory } = this.#given.options;
    return new RoomHistory({
      ...{ connection: this.connection, restHistory },
      ...{ verifier: this.#verifier, names: this.#names },
      count: (verdict) => this.intake.count(verdict),
    });
  }

  #makeOperations(): RoomOperations {
    const { options: { clock }, stored: { rooms } } = this.#given;
    const { connection, connected } = this;
    return new RoomOperations({
      ...{ rooms, clock, connection, connected, entered: this.#entered },
      halt: (room) => this.joinedRooms.halt(room),
      takeWhatWaits: (room) => this.catchUp.takeWhatWaits(room),
      resume: (room) => {
        this.joinedRooms.resume(room);
        if (room.joined && room.holding) this.catchUp.request(room);
        this.outbox.wake();
      },
      left: ({ name }) => {
        this.brakes.heard(name);
        return this.outbox.left(name);
      },
    });
  }

  #makeSending(): Sending {
    const { options, stored: { rooms, sends } } = this.#given;
    const { clock, randomBytes, settings } = options;
    const { connection, brakes, outbox } = this;
    return new Sending({
      ...{ rooms, sends, clock, connection, brakes, outbox, randomBytes },
      brakesOn: settings.brakes,
    });
  }

  /** The room's past may come by time alone, and then ends at a message that is known, our own too. */
  #accepted({ room, id }: LoggedSend, seq: number | undefined): void {
    const { options: { settings }, stored } = this.#given;
    if (seq !== undefined) stored.rooms.get(room)?.ownSeq(seq);
    try {
      const from = settings.agentId;
      stored.mailbox.remember({ from, id, verified: true });
    } catch (error) {
      stored.failed(Failure.from(error));
    }
  }
}
