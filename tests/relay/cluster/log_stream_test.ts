import assert from "node:assert/strict";
import type { StreamConfig } from "@nats-io/jetstream";
import {
  checkStream,
  wantedStream,
} from "../../../relay/cluster/log_stream.ts";
import { NoViewTaken } from "../../../relay/cluster/no_view_taken.ts";
import { isCut, viewTrouble } from "../../../relay/cluster/open_log.ts";

const HOUR = 3_600_000;
const made = wantedStream(HOUR, 1_024) as StreamConfig;

Deno.test("checkStream: the stream that a relay makes is as it must be", () => {
  assert.equal(checkStream(made, HOUR), null);
});

Deno.test("checkStream: a longer --retain makes it keep longer, a shorter one changes nothing", () => {
  const longer = checkStream(made, 2 * HOUR);
  assert.deepEqual(Object.keys(longer ?? {}), ["max_age"]);
  assert.ok((longer?.max_age ?? 0) > made.max_age);
  assert.equal(checkStream(made, HOUR / 2), null);
  assert.equal(checkStream({ ...made, max_age: 0 }, HOUR), null);
});

Deno.test("checkStream: a setting by which the log could lose or change an entry is refused by its name", () => {
  const others: Partial<StreamConfig>[] = [
    { retention: "workqueue" },
    { storage: "memory" },
    { discard: "new" },
    { deny_delete: false },
    { deny_purge: false },
    { num_replicas: 1 },
    { subjects: ["an.log", "an.other"] },
  ];
  for (const other of others) {
    const [setting = ""] = Object.keys(other);
    assert.throws(
      () => checkStream({ ...made, ...other }, HOUR),
      new RegExp(`has ${setting} `),
    );
  }
});

Deno.test("viewTrouble: a view goes on only with the log that it was made from, where that holds all that it lacks", () => {
  const state = { first_seq: 10, last_seq: 20 };
  const info = { created: "then", state } as Parameters<typeof viewTrouble>[0];
  const said = (after: number, log: string | null) =>
    viewTrouble(info, { after, log })?.message ?? "good";
  assert.equal(said(9, "then"), "good");
  assert.equal(said(20, "then"), "good");
  assert.match(said(20, "other"), /another one/);
  assert.match(said(21, "then"), /ends at 20/);
  assert.match(said(8, "then"), /begins at 10/);
  assert.match(said(0, null), /begins at 10/);
});

Deno.test("isCut: a view lacks the log's beginning and nothing else", () => {
  const state = { first_seq: 10, last_seq: 20 };
  const info = { created: "then", state } as Parameters<typeof isCut>[0];
  const cut = (after: number, log: string | null) =>
    isCut(info, { after, log });
  assert.deepEqual([cut(8, "then"), cut(0, null)], [true, true]);
  const others = [cut(9, "then"), cut(8, "other"), cut(21, "then")];
  assert.deepEqual(others, [false, false, false]);
  const view = { after: 8, log: "then" };
  const trouble = viewTrouble(info, view, new NoViewTaken("nobody offers"));
  assert.match(trouble?.message ?? "", /there is no copy: nobody offers/);
  assert.match(trouble?.fix ?? "", /start this relay again/);
  const full = new NoViewTaken("no space left", "make room");
  assert.equal(viewTrouble(info, view, full)?.fix, "make room");
});
