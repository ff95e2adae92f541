import { deepStrictEqual, rejects } from "node:assert/strict";
import {
  connectByName,
  restByName,
} from "../../../daemon/session/wire_names.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import type { PrivateRooms } from "../../../daemon/mailbox/private_rooms.ts";
import type {
  Connect,
  RelayConnection,
} from "../../../daemon/session/session_options.ts";

Deno.test("connectByName: sealed text goes out under the name on the wire, or not at all", async () => {
  const rooms = new Map([["vault", { wire: `p-${"e".repeat(32)}` }]]);
  const said: unknown[] = [];
  const connect = connectByName(
    () =>
      Promise.resolve({
        send(message) {
          said.push(message);
          return Promise.resolve({ status: "accepted" });
        },
      } as RelayConnection),
    {
      get: (name: string) => rooms.get(name),
      wireOf: (name: string) => rooms.get(name)?.wire ?? name,
    } as unknown as PrivateRooms,
  );
  const connection = await connect(
    { events: {} } as Parameters<Connect>[0],
  );
  const message = { id: "m1", room: "vault", text: "agentnet-e2e-1.m.AAAA" };
  const more = { ...message, reply_to: "m0", kind: "question" as const };
  await connection.send(more);
  rooms.delete("vault");
  await rejects(connection.send(more), { code: "NOT_IN_ROOM" });
  const plain = { ...more, text: "to all" };
  await connection.send(plain);
  deepStrictEqual(said, [{ ...message, room: `p-${"e".repeat(32)}` }, plain]);
});

Deno.test("connectByName create: of a private room no topic and no tag goes out, nor comes in; of a public one they do", async () => {
  const wire = `p-${"e".repeat(32)}`;
  const asked: unknown[] = [];
  const connect = connectByName(
    () =>
      Promise.resolve({
        create(plan: unknown) {
          asked.push(plan);
          return Promise.resolve(plan);
        },
      } as unknown as RelayConnection),
    {
      get: (name: string) => name === "vault" ? { wire } : undefined,
      wireOf: (name: string) => name === "vault" ? wire : name,
      nameOf: (name: string) => name === wire ? "vault" : name,
    } as unknown as PrivateRooms,
  );
  const connection = await connect({ events: {} } as Parameters<Connect>[0]);
  const told = { topic: "secret plans", tags: ["gold"] };
  const make = (room: string) =>
    connection.create({ room: room as RoomName, ...told }, {} as never);
  const made = await make("vault");
  deepStrictEqual([made.room, made.topic, made.tags], ["vault", "", []]);
  await make("tea");
  deepStrictEqual(asked, [
    { room: wire, topic: "", tags: [] },
    { room: "tea", ...told },
  ]);
});

Deno.test("connectByName: a late word that the relay has us in a private room brings no topic and no tag of the relay's either", async () => {
  const wire = `p-${"e".repeat(32)}`;
  const heard: unknown[] = [];
  const connect = connectByName(
    ({ events }) => {
      const joined = { type: "room.joined", topic: "its own", tags: ["gold"] };
      for (const room of [wire, "vault", "tea"]) {
        events.push({ frame: { ...joined, room, members: [] } } as never);
      }
      return Promise.resolve({} as RelayConnection);
    },
    {
      get: (name: string) => name === "vault" ? { wire } : undefined,
      nameOf: (name: string) => name === wire ? "vault" : name,
    } as unknown as PrivateRooms,
  );
  const push = ({ frame }: { frame: Record<string, unknown> }) =>
    heard.push([frame.room, frame.topic, frame.tags]);
  await connect({ events: { push } } as unknown as Parameters<Connect>[0]);
  deepStrictEqual(heard, [
    ["vault", "", []],
    ["vault", "", []],
    ["tea", "its own", ["gold"]],
  ]);
});

Deno.test("connectByName, restByName: what a talk with one agent is called here is on no wire, whatever is asked", async () => {
  const asked: string[] = [];
  const relay = new Proxy({}, {
    get: (_, name) => () => {
      asked.push(String(name));
      return Promise.resolve({});
    },
  }) as RelayConnection;
  const rooms = {
    get: () => undefined,
    wireOf: (name: string) => name,
  } as unknown as PrivateRooms;
  // A connection that answers `then` would be taken for a promise.
  const connect = connectByName(
    () => Promise.resolve({ ...operations(relay) } as RelayConnection),
    rooms,
  );
  const connection = await connect({ events: {} } as Parameters<Connect>[0]);
  const room = "@ada" as RoomName;
  const ways = [
    () => connection.create({ room, topic: "", tags: [] }, {} as never),
    () => connection.join(room),
    () => connection.leave(room),
    () => connection.history({ room, limit: 1 }),
    () => connection.presence(room),
    () => connection.send({ room, id: "m1", text: "hello" }),
    () => connection.send({ room, id: "m1", text: "agentnet-e2e-1.m.AAAA" }),
    () =>
      restByName(() => {
        asked.push("rest");
        return Promise.resolve([]);
      }, rooms)(room, { limit: 1 }),
  ];
  for (const way of ways) {
    await rejects(async () => await way(), { code: "NOT_IN_ROOM" });
  }
  deepStrictEqual(asked, []);
});

function operations(relay: RelayConnection): Partial<RelayConnection> {
  const { create, join, leave, history, presence, send } = relay;
  return { create, join, leave, history, presence, send };
}
