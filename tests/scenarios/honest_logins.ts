import { type TimedWorker, timedWorker } from "./timed_worker.ts";

/** Lets an honest agent log in over and over from 127.0.0.2 until it is stopped. Returns when the first is through. */
export function honestLogins(url: string): Promise<TimedWorker> {
  return timedWorker(
    new URL("./honest_login_worker.ts", import.meta.url),
    url,
  );
}
