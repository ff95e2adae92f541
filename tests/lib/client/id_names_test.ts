import assert from "node:assert/strict";
import { roomName } from "../../fakes/plain.ts";
import { IdNames } from "../../../lib/client/id_names.ts";

const joined = (id: string, name: string) => ({
  type: "room.member_joined" as const,
  room: roomName("x"),
  agent: { id, name },
});

Deno.test("IdNames: learns from a room's members and from those who come later", () => {
  const names = new IdNames();
  const members = [{ id: "a", name: "Ann", joined_at: 1 }];
  const told = { room: roomName("x"), topic: "", tags: [], members };
  names.learn({ type: "room.joined", ...told });
  names.learn(joined("b", "Bob"));
  names.learn(joined("a", "Anna"));
  assert.equal(names.get("a"), "Anna");
  assert.equal(names.get("b"), "Bob");
  assert.equal(names.get("c"), undefined);
});

Deno.test("IdNames: past its bound the one longest unheard of goes", () => {
  const names = new IdNames(2);
  for (const id of ["a", "b", "a", "c"]) names.learn(joined(id, id));
  assert.deepEqual(["a", "b", "c"].map((id) => names.get(id)), [
    "a",
    undefined,
    "c",
  ]);
});
