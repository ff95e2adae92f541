import { deepStrictEqual, rejects } from "node:assert/strict";
import { connectByName } from "../../../daemon/session/wire_names.ts";
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
