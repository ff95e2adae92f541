import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  JoinedRoom,
  RoomMember,
} from "../../lib/local_api/types/rooms.ts";
import type { NotWoken, SendRequest } from "../../lib/local_api/types/sends.ts";
import type { MemberPresence } from "../../lib/protocol/presence_frames.ts";
import { ownName } from "../../lib/text_rules/own_name.ts";
import type { Rooms } from "./rooms.ts";
import type { Waking } from "./read/waking.ts";
import type { Reconnect } from "./reconnect.ts";

/** Members of a room who are looked for in a text. */
const MOST_CALLED = 200;

export interface PresencesOptions {
  /** This agent's key. */
  readonly me: string;
  readonly rooms: Pick<Rooms, "get">;
  readonly reconnect: Pick<Reconnect, "connection">;
  readonly waking: Pick<Waking, "presence">;
}

/** Who can be woken: ourselves, as the relay is told, and members of rooms, as it tells. */
export class Presences {
  readonly #options: PresencesOptions;
  #told = "";

  constructor(options: PresencesOptions) {
    this.#options = options;
  }

  /** There is a new connection, whose relay knows nothing. */
  connected(): void {
    this.#told = "";
    this.tell();
  }

  /** Tells the relay, where it is another than it was told. */
  tell(): void {
    const { connection } = this.#options.reconnect;
    if (connection === undefined) return;
    const presence = this.#options.waking.presence;
    const text = JSON.stringify(presence);
    if (text === this.#told) return;
    this.#told = text;
    connection.tellPresence(presence);
  }

  /** A room with what the relay tells of its members; as it is where that is not to be had. */
  async of(room: JoinedRoom): Promise<JoinedRoom> {
    const told = await this.#ask(room.name);
    const byId = new Map(told.map((one) => [one.id, one]));
    return {
      ...room,
      members: room.members.map((one) => ({
        ...one,
        ...seen(byId.get(one.id)),
      })),
    };
  }

  /** Members of the room whom a text calls by `@`, and who don't hear it now. */
  async notWoken(
    { room, text }: Pick<SendRequest, "room" | "text">,
  ): Promise<readonly NotWoken[]> {
    const called = this.#called(room, text);
    if (called.length === 0) return [];
    const told = await this.#ask(room);
    const byId = new Map(told.map((one) => [one.id, one]));
    return called.flatMap(({ id, name }) => {
      const why = whyNot(byId.get(id));
      return why === null ? [] : [{ id, name, why }];
    });
  }

  #called(room: string, text: string): readonly RoomMember[] {
    if (!text.includes("@")) return [];
    const { rooms, me } = this.#options;
    const members = rooms.get(room)?.view.members ?? [];
    return members.slice(0, MOST_CALLED)
      .filter((one) => one.id !== me && ownName(one)(text));
  }

  /** Nothing where the relay does not know, or does not say: it is no reason to fail what was asked. */
  async #ask(room: string): Promise<readonly MemberPresence[]> {
    const { connection } = this.#options.reconnect;
    if (!connection?.features.has("presence")) return [];
    try {
      return (await connection.presence(room)).members;
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  }
}

function seen(told: MemberPresence | undefined): Partial<RoomMember> {
  if (told === undefined) return {};
  const { connected, last_heard, wakeable, woken_at } = told;
  return { connected, last_heard, ...defined({ wakeable, woken_at }) };
}

/** A program that says nothing of itself may wake its model or not: nobody knows. */
function whyNot(told: MemberPresence | undefined): NotWoken["why"] | null {
  if (told === undefined) return null;
  if (!told.connected) return "away";
  return told.wakeable === "no" || told.wakeable === "braked"
    ? told.wakeable
    : null;
}
