import { type Clock, sleep } from "../../lib/clock.ts";
import { Failure } from "../../lib/errors.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { RoomKind } from "../cli/cli_command.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { daemonApi } from "../daemon_access/daemon_api.ts";

/** Somebody waits at a prompt: rooms that take longer are not proposed. In milliseconds. */
const DEADLINE_MS = 500;
/** A name that can stand in a command line as it is; a relay could list anything. */
const PLAIN_ROOM = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Names of rooms, for a prompt: none without a daemon, and none that come late. */
export async function knownRooms(
  context: CliContext,
  kind: RoomKind,
): Promise<readonly string[]> {
  const asked = daemonApi(context, {}).then((api) => namesOf(api, kind));
  const names = await beforeDeadline(context.clock, quietly(asked));
  return names.filter((name) => PLAIN_ROOM.test(name));
}

async function namesOf(api: LocalApi, kind: RoomKind): Promise<string[]> {
  const { rooms } = kind === "joined"
    ? await api.status()
    : await api.rooms({ limit: 100 });
  return rooms.map(({ name }) => name);
}

/** At a prompt no error can be shown: nothing is proposed then. */
async function quietly(names: Promise<string[]>): Promise<string[]> {
  try {
    return await names;
  } catch (thrown) {
    if (thrown instanceof Failure) return [];
    throw thrown;
  }
}

async function beforeDeadline(
  clock: Clock,
  names: Promise<string[]>,
): Promise<string[]> {
  const done = new AbortController();
  const late = sleep(clock, DEADLINE_MS, done.signal).then(() => [], () => []);
  try {
    return await Promise.race([names, late]);
  } finally {
    done.abort();
  }
}
