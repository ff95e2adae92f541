import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { fastIdentity } from "../fakes/fast_identity.ts";
import { RelayPeer } from "../fakes/relay_peer.ts";
import { inBatches, OPEN_RELAY, pause } from "./crowd.ts";

const ROOM = "races";
/** Agents that log in again at the same time. */
const AGENTS = 10;

/** Whoever logs in often in a minute is taken for gone ever later: 2 s for each login, and the relay looks each second. */
const GONE_MS = 150_000;

/** What came of logins that race the earlier session's joins. */
export interface LoginRacesResult {
  readonly races: number;
  /** Messages sent after the new session's join that it did not hear. */
  readonly unheard: number;
  /** Members of the room at the end that nobody is. */
  readonly ghosts: number;
}

/** Second logins of agents whose first session is in the midst of joining; after each, the new session must hear. */
export async function loginRaces(races: number): Promise<LoginRacesResult> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  return await raceLogins(url, races);
}

/** The same at a relay that is there. */
export async function raceLogins(
  url: string,
  races: number,
): Promise<LoginRacesResult> {
  const speaker = await RelayPeer.login(url, { identity: fastIdentity(0) });
  await speaker.create(ROOM);
  speaker.onFrame = () => {};
  let unheard = 0;
  await inBatches(AGENTS, async (agent) => {
    const identity = fastIdentity(1 + agent);
    for (let i = 0; i < races / AGENTS; i++) {
      if (!await race(url, identity, speaker)) unheard++;
    }
  }, AGENTS);
  const ghosts = await ghostsOf(url, speaker.identity.id);
  speaker.close();
  return { races, unheard, ghosts };
}

/** One race; whether the new session heard a message that was sent after its join. */
async function race(
  url: string,
  identity: RelayPeer["identity"],
  speaker: RelayPeer,
): Promise<boolean> {
  const first = await RelayPeer.login(url, { identity });
  first.onFrame = () => {};
  const joining = setInterval(() => {
    if (first.closed === null) first.signed({ type: "room.join", room: ROOM });
  }, 1);
  await pause(Math.random() * 10);
  const second = await RelayPeer.login(url, { identity });
  await second.join(ROOM);
  clearInterval(joining);
  const id = crypto.randomUUID();
  speaker.text(speaker.message(ROOM, "heard?", id));
  try {
    await second.nextWhere((frame) => frame.id === id);
  } catch {
    return false;
  } finally {
    // Half of them end by a new login of the next round, half by themselves.
    if (Math.random() < 0.5) second.socket.terminate();
    else second.onFrame = () => {};
  }
  const { code } = await first.ended();
  assert.equal(code, 4001, "the earlier session ended for another reason");
  return true;
}

/** Members that are shown once every agent has gone, but for the one who speaks. */
async function ghostsOf(url: string, speaker: string): Promise<number> {
  const last = await inBatches(
    AGENTS,
    (agent) => RelayPeer.login(url, { identity: fastIdentity(1 + agent) }),
  );
  for (const peer of last) peer.socket.terminate();
  const watcher = await RelayPeer.login(url, { identity: fastIdentity(999) });
  const known = new Set([speaker, watcher.identity.id]);
  const until = performance.now() + GONE_MS;
  for (;;) {
    const { members } = await watcher.join(ROOM);
    const ghosts = (members as { id: string }[])
      .filter(({ id }) => !known.has(id)).length;
    if (ghosts === 0 || performance.now() > until) {
      watcher.close();
      return ghosts;
    }
    await pause(500);
  }
}
