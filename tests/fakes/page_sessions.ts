import { PageSessions } from "../../daemon/http/page/page_sessions.ts";
import { FakeClock } from "./fake_clock.ts";

/** Sessions whose secrets differ each time, the same in every run. */
export function pageSessions(clock = new FakeClock()): PageSessions {
  let made = 0;
  return new PageSessions({
    clock,
    randomBytes: (count) => new Uint8Array(count).fill(++made),
  });
}
