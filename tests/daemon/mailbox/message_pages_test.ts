import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryMailbox, message } from "../../fakes/mailbox_rig.ts";

const ADA = "A".repeat(44);
const BOB = "B".repeat(44);

Deno.test("Mailbox.page: last and skip give what slices of all messages give, with a filter or without", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(ADA, BOB), { maxLength: 30 }),
      fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(undefined, ADA),
      (authors, last, skip, from) => {
        const { mailbox } = memoryMailbox();
        authors.forEach((author, at) => {
          mailbox.add(message({ id: `m${at}`, from: author }));
        });
        const all = authors.flatMap((author, at) =>
          from === undefined || author === from ? [at + 1] : []
        );
        const query = {
          skip,
          limit: 5,
          ...(last && { last }),
          ...(from && { from }),
        };
        const end = Math.max(0, all.length - skip);
        const wanted = last === undefined
          ? all.slice(skip, skip + 5)
          : all.slice(Math.max(0, end - last), end);
        const page = mailbox.page(query);
        assert.deepEqual(page.messages.map(({ cursor }) => cursor), wanted);
        assert.equal(page.remaining, all.length - wanted.length);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("Mailbox.page again: the page that was shown last, until the next one is; nothing before the first", () => {
  const { mailbox } = memoryMailbox({ buffer: 3 });
  const again = () =>
    mailbox.page({ again: true }).messages.map(({ cursor }) => cursor);
  assert.deepEqual(again(), []);
  for (const id of ["a", "b", "c"]) mailbox.add(message({ id }));
  mailbox.read({ cursor: 2, shown: [1, 2] });
  assert.deepEqual(again(), [1, 2]);
  assert.deepEqual(again(), [1, 2]);
  mailbox.addGap("tea", 4);
  const { gaps } = mailbox.page({});
  mailbox.read({ gaps });
  assert.deepEqual(again(), [1, 2]);
  mailbox.read({ cursors: [3] });
  assert.deepEqual(again(), [3]);
  mailbox.read({ cursor: 3, shown: [1, 3] });
  mailbox.add(message({ id: "d" }));
  assert.deepEqual(again(), [3]);
});

Deno.test("Mailbox.page again: with the losses that were told beside it", () => {
  const { mailbox } = memoryMailbox();
  mailbox.addGap("tea", 4);
  mailbox.add(message());
  const { gaps } = mailbox.page({});
  assert.equal(gaps.length, 1);
  mailbox.read({ cursor: 1, shown: [1] });
  assert.deepEqual(mailbox.page({}).gaps, []);
  assert.deepEqual(mailbox.page({ again: true }).gaps, gaps);
});
