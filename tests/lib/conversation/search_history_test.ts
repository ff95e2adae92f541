import assert from "node:assert/strict";
import {
  lookedNotes,
  searchHistory,
} from "../../../lib/conversation/search_history.ts";
import { Failure } from "../../../lib/errors.ts";
import type {
  HistoryMessage,
  ReceivedMessage,
} from "../../../lib/local_api/types/messages.ts";
import type { HistoryQuery } from "../../../lib/local_api/types/history.ts";
import { someMessage, somePage, someStatus } from "../../fakes/api_values.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";
import { toldHistory } from "../../fakes/told_history.ts";

/** A daemon with a mailbox, and a relay that keeps rooms. */
class Kept {
  readonly rooms = new Map<string, HistoryMessage[]>();
  readonly mailbox: ReceivedMessage[] = [];
  readonly asked: string[] = [];
  readonly clock = new FakeClock();
  /** How long each page takes, in milliseconds. */
  pageMs = 0;
  refuse: (asked: number) => boolean = () => false;

  say(room: string, text: string): HistoryMessage {
    const here = this.rooms.get(room) ?? [];
    const n = here.length + 1;
    const told = { id: `${room}-${n}`, room, text, timestamp: n };
    const { cursor: _, ...one } = someMessage(told);
    here.push({ ...one, seq: n });
    this.rooms.set(room, here);
    return here.at(-1) as HistoryMessage;
  }

  talk(room: string, count: number): void {
    for (let n = 0; n < count; n++) this.say(room, "talk");
  }

  search(words: string, { room, limit = 20 }: {
    readonly room?: string;
    readonly limit?: number;
  } = {}) {
    const named = room === undefined ? {} : { room: roomName(room) };
    return searchHistory({ clock: this.clock }, {
      search: () => Promise.resolve(somePage(this.mailbox)),
      status: () =>
        Promise.resolve(someStatus({
          rooms: [...this.rooms.keys()].map((name) => ({
            ...{ name, state: "joined", joined: true, unread: 0 },
          })),
        })),
      history: (query) => this.#page(query),
    }, { words, limit, ...named });
  }

  async #page(query: HistoryQuery) {
    const { room } = query;
    this.asked.push(room);
    if (this.pageMs > 0) await this.clock.advance(this.pageMs);
    const here = this.rooms.get(room);
    if (here === undefined || this.refuse(this.asked.length)) {
      throw new Failure("RATE_LIMITED");
    }
    return toldHistory(here, query);
  }
}

Deno.test("searchHistory: what was said before finds itself, once, beside what the mailbox has, oldest first", async () => {
  const kept = new Kept();
  kept.say("tea", "we decided: Assam");
  kept.talk("tea", 500);
  const known = kept.say("tea", "ASSAM it is");
  kept.mailbox.push({ ...someMessage(), ...known, cursor: 9 });
  const { messages, remaining, looked } = await kept.search("assam", {
    room: "tea",
  });
  assert.deepEqual(messages.map(({ text, cursor }) => [text, cursor]), [
    ["we decided: Assam", undefined],
    ["ASSAM it is", 9],
  ]);
  assert.equal(remaining, 0);
  assert.deepEqual(looked, [
    { room: "tea", messages: 502, complete: true, back_to: 1 },
  ]);
  const one = await kept.search("assam", { room: "tea", limit: 1 });
  assert.deepEqual(one.messages.map(({ cursor }) => cursor), [9]);
  assert.equal(one.remaining, 1);
});

Deno.test("searchHistory: pages are bounded over all rooms, shared, and what was not looked at is said", async () => {
  const kept = new Kept();
  kept.say("tea", "old assam");
  kept.talk("tea", 6_000);
  for (let n = 0; n < 40; n++) kept.talk(`room-${n}`, 300);
  const { messages, looked } = await kept.search("assam");
  assert.deepEqual(messages, []);
  assert.ok(kept.asked.length <= 25, `${kept.asked.length}`);
  assert.equal(looked.length, 41);
  assert.equal(looked.filter(({ messages }) => messages > 0).length, 25);
  const notes = lookedNotes(looked);
  assert.match(notes[0] ?? "", /#tea .* last 200 messages, back to 1970-/);
  assert.match(notes.at(-1) ?? "", /36 other rooms/);
  kept.asked.length = 0;
  const alone = await kept.search("assam", { room: "tea" });
  assert.equal(alone.looked[0]?.messages, 5_000);
  assert.match(lookedNotes(alone.looked)[0] ?? "", /older ones were not/);
  for (const name of kept.rooms.keys()) {
    if (name.startsWith("room-")) kept.rooms.delete(name);
  }
  kept.talk("small", 3);
  const two = await kept.search("assam");
  assert.deepEqual(two.looked.map(({ room, messages }) => [room, messages]), [
    ["tea", 2_600],
    ["small", 3],
  ]);
});

Deno.test("searchHistory: time and bytes end it too, and so does a relay that gives no more", async () => {
  const slow = new Kept();
  slow.talk("tea", 5_000);
  slow.pageMs = 3_000;
  const [tea] = (await slow.search("assam", { room: "tea" })).looked;
  assert.deepEqual([tea?.messages, tea?.complete], [1_400, false]);
  const large = new Kept();
  for (let n = 0; n < 600; n++) large.say("tea", "x".repeat(30_000));
  const [most] = (await large.search("assam", { room: "tea" })).looked;
  assert.deepEqual([most?.messages, most?.complete], [400, false]);
  const shut = new Kept();
  shut.talk("tea", 900);
  shut.refuse = (asked) => asked > 2;
  const [some] = (await shut.search("assam", { room: "tea" })).looked;
  assert.deepEqual([some?.messages, some?.complete], [400, false]);
});

Deno.test("searchHistory: a named room without a past is an error, one of several is said", async () => {
  const kept = new Kept();
  kept.talk("tea", 3);
  await assert.rejects(kept.search("assam", { room: "lab" }), {
    code: "RATE_LIMITED",
  });
  kept.talk("den", 3);
  kept.asked.length = 0;
  kept.refuse = (asked) => asked === 2;
  const { looked } = await kept.search("assam");
  assert.deepEqual(looked.map(({ complete }) => complete), [true, false]);
  assert.match(lookedNotes(looked).join("\n"), /#den was not looked through/);
});

Deno.test("lookedNotes: a time that is none is no crash", () => {
  const cut = { room: roomName("tea"), messages: 1, complete: false };
  const [note] = lookedNotes([{ ...cut, back_to: Number.MAX_SAFE_INTEGER }]);
  assert.match(note ?? "", /an unknown time/);
});
