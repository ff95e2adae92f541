const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span in one unit: `5s`, `3m`, `2h`, `4d`; less than nothing is `0s`. */
export function spanText(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h`;
  return `${Math.floor(ms / DAY)}d`;
}

/** Times that a Date can hold, in milliseconds since 1970. */
const LAST_DATE = 8.64e15;

/** A day and minute that is far from now: `2026-12-04 10:30Z`. */
export function dateText(time: number): string {
  if (!(time >= 0 && time <= LAST_DATE)) return "an unknown time";
  const iso = new Date(time).toISOString();
  return `${iso.slice(0, -14)} ${iso.slice(-13, -8)}Z`;
}

/** A time with its age: `12:03:04Z 5s ago`, with the day where that is not clear. */
export function timeText(time: number, now: number): string {
  if (!isDate(time)) return "at an unknown time";
  const clock = new Date(time).toISOString().slice(-13, -5);
  const day = dayText(time);
  const near = Math.abs(now - time) < DAY / 2;
  return `${near ? clock : `${day} ${clock}`}Z ${spanText(now - time)} ago`;
}

/** The time of a day, `12:03`, in UTC. */
export function clockText(time: number): string {
  return isDate(time) ? new Date(time).toISOString().slice(-13, -8) : "??:??";
}

/** The day of a time, `2026-11-27`, in UTC. */
export function dayText(time: number): string {
  if (!isDate(time)) return "unknown day";
  const iso = new Date(time).toISOString();
  return iso.slice(0, iso.indexOf("T"));
}

function isDate(time: number): boolean {
  return time >= 0 && time <= LAST_DATE;
}
