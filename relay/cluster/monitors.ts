import type { Clock } from "../../lib/clock.ts";
import { type ClusterSettings, hostPort } from "./cluster_settings.ts";
import { type MonitorAnswers, parseVarz } from "./synced_servers.ts";

/** How long a monitoring port has to answer, in milliseconds. */
const ANSWER_MS = 3_000;

/** Asks each of the servers' monitoring ports for its state. */
export async function askMonitors(
  { monitors, ca }: ClusterSettings,
  clock: Clock,
): Promise<MonitorAnswers> {
  using client = ca === undefined
    ? undefined
    : Deno.createHttpClient({ caCerts: [ca] });
  const answers = await Promise.all(monitors.map(async (monitor) => {
    const url = `${monitor.isTls ? "https" : "http"}://${hostPort(monitor)}`;
    const varz = await readJson(`${url}/varz`, clock, client);
    return [url, parseVarz(varz)] as const;
  }));
  return new Map(answers);
}

/** Null where nobody answers with JSON. */
async function readJson(
  url: string,
  clock: Clock,
  client: Deno.HttpClient | undefined,
): Promise<unknown> {
  const late = new AbortController();
  const timer = clock.after(ANSWER_MS, () => late.abort());
  const { signal } = late;
  try {
    const init = { signal, redirect: "error" } as const;
    const answer = client === undefined
      ? await fetch(url, init)
      : await fetch(url, { ...init, client });
    return await answer.json();
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  } finally {
    timer.cancel();
  }
}

/** Refused, cut off, too late, or other words than JSON. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof TypeError || error instanceof SyntaxError ||
    error instanceof DOMException;
}
