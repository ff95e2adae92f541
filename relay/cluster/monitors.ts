import { type Clock, sleep } from "../../lib/clock.ts";
import { type ClusterSettings, hostPort } from "./cluster_settings.ts";
import { type MonitorAnswers, parseVarz, silentOf } from "./synced_servers.ts";

/** How long a monitoring port has to answer, in milliseconds. */
const ANSWER_MS = 3_000;
/** That all are silent may be ours: a thread that stood still is late for each. So often they are asked, and so far apart. */
const ASKED = 4;
const AGAIN_MS = 1_000;

type Monitors = Pick<ClusterSettings, "monitors" | "ca">;

/** Asks each of the servers' monitoring ports for its state, a few times where none answers. */
export async function askMonitors(
  settings: Monitors,
  clock: Clock,
): Promise<MonitorAnswers> {
  for (let asked = 1;; asked++) {
    const answers = await askEach(settings, clock);
    const isSilent = silentOf(answers).length === answers.size;
    if (!isSilent || asked === ASKED) return answers;
    await sleep(clock, AGAIN_MS);
  }
}

async function askEach(
  { monitors, ca }: Monitors,
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
