import { Failure } from "../../lib/errors.ts";
import { isPrivateWire, SEALED_PREFIX } from "../../lib/sealed/sealed_text.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { RoomJoined } from "../../lib/protocol/frames.ts";
import type { Push } from "../../lib/client/connection_types.ts";
import type { PrivateRooms } from "../mailbox/private_rooms.ts";
import type { RestHistory } from "./receive/rest_history.ts";
import type { Connect, RelayConnection } from "./session_options.ts";

/**
 * A relay where private rooms go by the names that they have here: no part of the session knows what one is called on
 * the wire, and no relay what it is called here. What messages say is left as it is.
 */
export function connectByName(
  connect: Connect,
  rooms: PrivateRooms,
): Connect {
  return async (options) => {
    const { events } = options;
    const push = (push: Push) => events.push(pushByName(push, rooms));
    const connection = await connect({
      ...options,
      events: { ...events, push },
    });
    return new ConnectionByName(connection, rooms);
  };
}

/** The same of a room's past by REST. */
export function restByName(
  restHistory: RestHistory,
  rooms: PrivateRooms,
): RestHistory {
  return (room, page) => restHistory(wireOf(rooms, room), page);
}

function pushByName(push: Push, rooms: PrivateRooms): Push {
  if (!("frame" in push)) return push;
  const { type } = push.frame;
  if (type === "message.ack" || type === "direct") return push;
  const { frame } = push;
  if (frame.type === "room.joined") {
    return { frame: joinedByName(frame, rooms) };
  }
  const room = rooms.nameOf(frame.room);
  return room === frame.room
    ? push
    : { ...push, frame: { ...frame, room } } as Push;
}

/** That we are in a room; a private one, by whatever name, is about nothing that the relay says. */
function joinedByName(frame: RoomJoined, rooms: PrivateRooms): RoomJoined {
  const room = rooms.nameOf(frame.room);
  const isPublic = rooms.get(room) === undefined;
  return isPublic ? frame : { ...frame, room, topic: "", tags: [] };
}

/** What a talk with one agent is called here stands on no wire. @throws Failure NOT_IN_ROOM */
function wireOf<Name extends string>(
  rooms: PrivateRooms,
  room: Name,
): Name | RoomName {
  if (!room.startsWith("@")) return rooms.wireOf(room);
  throw new Failure("NOT_IN_ROOM", { fields: { room } });
}

class ConnectionByName implements RelayConnection {
  readonly #connection: RelayConnection;
  readonly #rooms: PrivateRooms;

  constructor(connection: RelayConnection, rooms: PrivateRooms) {
    this.#connection = connection;
    this.#rooms = rooms;
  }

  get relay() {
    return this.#connection.relay;
  }
  get features() {
    return this.#connection.features;
  }
  get lastPongAt() {
    return this.#connection.lastPongAt;
  }
  get clockSkewMs() {
    return this.#connection.clockSkewMs;
  }

  readonly create: RelayConnection["create"] = async (plan, options) => {
    const wire = wireOf(this.#rooms, plan.room);
    const hidden = wire === plan.room ? {} : { topic: "", tags: [] };
    const made = { ...plan, ...hidden, room: wire };
    const frame = await this.#connection.create(made, options);
    return joinedByName(frame, this.#rooms);
  };

  readonly join: RelayConnection["join"] = async (room) => {
    const frame = await this.#connection.join(wireOf(this.#rooms, room));
    return joinedByName(frame, this.#rooms);
  };

  readonly leave: RelayConnection["leave"] = (room) =>
    this.#connection.leave(wireOf(this.#rooms, room));

  readonly send: RelayConnection["send"] = (message) => {
    const { room, id, text } = message;
    // The room of a pair goes by no other name.
    if (this.#rooms.get(room) !== undefined || isPrivateWire(room)) {
      // What else a message says stands in what is sealed.
      const wire = wireOf(this.#rooms, room);
      return this.#connection.send({ room: wire, id, text });
    }
    // The room was left while it was sealed: what it is called here is nobody's.
    if (text.startsWith(SEALED_PREFIX) || room.startsWith("@")) {
      const fields = { room };
      return Promise.reject(new Failure("NOT_IN_ROOM", { fields }));
    }
    return this.#connection.send(message);
  };

  readonly direct: RelayConnection["direct"] = (message) =>
    this.#connection.direct(message);

  readonly directAck: RelayConnection["directAck"] = (had) =>
    this.#connection.directAck(had);

  readonly history: RelayConnection["history"] = (query) =>
    this.#connection.history({
      ...query,
      room: wireOf(this.#rooms, query.room),
    });

  readonly presence: RelayConnection["presence"] = (room) =>
    this.#connection.presence(wireOf(this.#rooms, room));

  readonly tellPresence: RelayConnection["tellPresence"] = (presence) =>
    this.#connection.tellPresence(presence);

  /** Of private rooms nothing is told: who has read what is nothing for a relay. */
  readonly tellMarks: RelayConnection["tellMarks"] = (told) =>
    this.#rooms.get(told.room) === undefined
      ? this.#connection.tellMarks(told)
      : Promise.resolve();

  readonly list: RelayConnection["list"] = async (query) => {
    const page = await this.#connection.list(query);
    const rooms = page.rooms.map((room) => ({
      ...room,
      name: this.#rooms.nameOf(room.name),
    }));
    return { ...page, rooms };
  };

  readonly close: RelayConnection["close"] = () => this.#connection.close();
}
