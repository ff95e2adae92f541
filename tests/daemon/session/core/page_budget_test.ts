import assert from "node:assert/strict";
import { PageBudget } from "../../../../daemon/session/core/page_budget.ts";

/** Pages that are read within so many milliseconds by who reads whenever it may. */
function readWithin(ms: number): { pages: number; pauses: number } {
  const budget = new PageBudget();
  let pages = 0;
  let pauses = 0;
  for (let now = 0; now <= ms;) {
    const waitMs = budget.waitMs(now);
    if (waitMs > 0) {
      pauses++;
      now += waitMs;
      continue;
    }
    budget.spend(now);
    pages++;
  }
  return { pages, pauses };
}

Deno.test("PageBudget: 300 pages at once, then 5 a second with a pause every 5 s", () => {
  assert.equal(readWithin(0).pages, 300);
  const { pages, pauses } = readWithin(600_000);
  assert.ok(pages >= 300 + 2_950 && pages <= 300 + 3_025, `${pages}`);
  assert.ok(pauses <= 125, `${pauses}`);
});

Deno.test("PageBudget: what was read past the bound is waited for too; after a rest all is there again", () => {
  const budget = new PageBudget();
  for (let i = 0; i < 350; i++) budget.spend(0);
  assert.equal(budget.waitMs(0), 15_000);
  assert.equal(budget.waitMs(15_000), 0);
  let left = 0;
  for (; budget.waitMs(1e9) === 0; left++) budget.spend(1e9);
  assert.equal(left, 300);
});
