import assert from "node:assert/strict";
import { Failure } from "../../../lib/errors.ts";
import {
  type ClaimRequest,
  claimText,
} from "../../../lib/conversation/claim.ts";
import type { HistoryMessage } from "../../../lib/local_api/types/messages.ts";
import type { HistoryQuery } from "../../../lib/local_api/types/history.ts";
import type { SendRequest } from "../../../lib/local_api/types/sends.ts";
import {
  BOB_ID,
  OWN_ID,
  someMessage,
  someSend,
  someStatus,
} from "../../fakes/api_values.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { asChecked } from "../../fakes/plain.ts";
import { toldHistory } from "../../fakes/told_history.ts";

type Row = Partial<HistoryMessage>;

/** A relay's room, as the daemon shows it: rows are numbered from 1 unless the relay numbers none. */
class Room {
  readonly rows: HistoryMessage[] = [];
  readonly sent: SendRequest[] = [];
  readonly mailbox = new Map<string, HistoryMessage>();
  pages = 0;
  /** Called before a send is taken: what others say meanwhile. */
  meanwhile = () => {};
  status: "accepted" | "queued" | "unknown" = "accepted";
  readonly #clock = new FakeClock();
  readonly #numbered: boolean;

  constructor({ numbered = true }: { readonly numbered?: boolean } = {}) {
    this.#numbered = numbered;
  }

  add(text: string, change: Row = {}): void {
    const n = this.rows.length + 1;
    const told = { id: `m${n}`, text, timestamp: n };
    const { cursor: _, ...row } = someMessage(told);
    this.rows.push({
      ...row,
      ...(this.#numbered ? { seq: n } : {}),
      kind: "claim",
      ...change,
    });
  }

  claim(text: string, id = "mine") {
    const relay_features = this.#numbered ? ["fields"] : [];
    return claimText({ clock: this.#clock }, {
      status: () =>
        Promise.resolve(someStatus({ agent_id: OWN_ID, relay_features })),
      history: (query) => Promise.resolve(this.#page(query)),
      message: ({ id }) => {
        const message = this.mailbox.get(id);
        if (message === undefined) throw new Failure("NOT_FOUND");
        return Promise.resolve({ message: { ...someMessage(), ...message } });
      },
      send: (request) => Promise.resolve(this.#send(request)),
    }, asChecked<ClaimRequest>({ room: "tea", text, id }));
  }

  #send(request: SendRequest) {
    this.meanwhile();
    this.sent.push(request);
    const { status } = this;
    if (status !== "accepted") return someSend({ status });
    const { kind, id = "", text } = request;
    const own = { id, from: OWN_ID, verified: this.#numbered };
    this.add(text, { ...own, ...(kind === undefined ? {} : { kind }) });
    const seq = this.rows.at(-1)?.seq;
    return someSend({ id, ...(seq === undefined ? {} : { seq }) });
  }

  #page(query: HistoryQuery) {
    this.pages++;
    return toldHistory(this.rows, query);
  }
}

Deno.test("claim: the first to say it has it, marked as a claim, and all has been looked at", async () => {
  const room = new Room();
  room.add("port the lexer");
  const { mine, first, sent, looked, by } = await room.claim("Port the parser");
  assert.deepEqual([mine, first?.from, first?.seq, by], [
    true,
    OWN_ID,
    2,
    "seq",
  ]);
  assert.equal(sent?.status, "accepted");
  assert.equal(room.sent[0]?.kind, "claim");
  assert.deepEqual(looked, { messages: 1, complete: true, back_to: 1 });
});

Deno.test("claim: what another has is not sent, in other case and white space too", async () => {
  const room = new Room();
  room.add("port the  PARSER");
  const { mine, first, sent } = await room.claim(" Port the\nparser");
  assert.deepEqual([mine, first?.from, sent], [false, BOB_ID, null]);
  assert.deepEqual(room.sent, []);
});

Deno.test("claim: an own one that was the first is ours again, one that came second is not", async () => {
  const room = new Room();
  await room.claim("parser", "a");
  const again = await room.claim("PARSER", "b");
  assert.deepEqual([again.mine, again.sent, room.sent.length], [true, null, 1]);
  const second = new Room();
  second.add("parser");
  second.add("parser", { from: OWN_ID });
  assert.equal((await second.claim("parser")).mine, false);
});

Deno.test("claim: of those that were made while it was on its way, the lowest number has it", async () => {
  const room = new Room();
  room.add("lexer");
  room.meanwhile = () => room.add("parser");
  const { mine, first, sent } = await room.claim("parser");
  assert.deepEqual([mine, first?.from, first?.seq], [false, BOB_ID, 2]);
  assert.equal(sent?.seq, 3);
  const late = new Room();
  late.add("lexer");
  const kept = await late.claim("parser");
  late.add("parser");
  assert.equal(kept.mine, true);
  assert.equal((await late.claim("parser")).mine, true);
});

Deno.test("claim: plain words, another kind, and what is not proven never have it; a muted author's claim does", async () => {
  const room = new Room();
  const { kind: _, ...plain } = { ...someMessage(), text: "parser" };
  room.rows.push({ ...plain, seq: 1, timestamp: 1 });
  room.add("parser", { kind: "question", seq: 2 });
  room.add("parser", { verified: false, seq: 3 });
  const { mine, unproven } = await room.claim("parser");
  assert.deepEqual([mine, unproven], [true, 1]);
  const muted = new Room();
  muted.add("parser", { muted: true });
  assert.equal((await muted.claim("parser")).mine, false);
});

Deno.test("claim: one made 3,000 messages ago is found; past 5,000 that is said", async () => {
  const room = new Room();
  room.add("parser");
  for (let i = 0; i < 3_000; i++) room.add(`talk ${i}`);
  const found = await room.claim("parser");
  assert.deepEqual([found.mine, found.first?.seq], [false, 1]);
  for (let i = 0; i < 3_000; i++) room.add(`talk ${i}`);
  room.pages = 0;
  const { mine, looked } = await room.claim("parser");
  assert.equal(mine, true);
  assert.deepEqual([looked.messages, looked.complete], [5_000, false]);
  assert.equal(looked.back_to, 1_002);
  // And the newest page once more, for what came meanwhile.
  assert.equal(room.pages, 26);
});

Deno.test("claim: what was not sent is undecided", async () => {
  for (const status of ["queued", "unknown"] as const) {
    const room = new Room();
    room.status = status;
    const { first, mine, sent } = await room.claim("parser");
    assert.deepEqual([first, mine, sent?.status], [null, false, status]);
  }
});

Deno.test("claim: on a relay that numbers nothing the order of history says it, of what can be proven", async () => {
  const room = new Room({ numbered: false });
  const unsigned = { verified: false } as const;
  room.add("parser", unsigned);
  const vain = await room.claim("parser", "a");
  assert.deepEqual([vain.mine, vain.by, vain.unproven], [true, "history", 1]);

  const heard = new Room({ numbered: false });
  heard.add("talk", unsigned);
  heard.meanwhile = () => {
    heard.add("parser", unsigned);
    const row = heard.rows.at(-1);
    if (row !== undefined) heard.mailbox.set("m2", { ...row, verified: true });
  };
  const second = await heard.claim("Parser");
  assert.deepEqual([second.mine, second.first?.id], [false, "m2"]);
  // A row that goes by the id of another message proves nothing.
  const lied = new Room({ numbered: false });
  lied.add("parser", unsigned);
  const { cursor: _, ...other } = someMessage({ id: "m1", text: "other" });
  lied.mailbox.set("m1", other);
  const told = await lied.claim("parser");
  assert.deepEqual([told.mine, told.unproven], [true, 1]);
});

Deno.test("claim: on a relay that numbers nothing all of the history is read, by time, equal times too", async () => {
  const room = new Room({ numbered: false });
  room.add("parser", { verified: true });
  for (let i = 0; i < 450; i++) room.add("talk", { timestamp: 1 + (i >> 4) });
  const { mine, looked } = await room.claim("parser");
  assert.equal(mine, false);
  assert.equal(looked.complete, true);
  // The milliseconds at the ends of pages are read twice.
  assert.ok(looked.messages > 451, `${looked.messages}`);
});
