import type { DaemonSettings } from "../../daemon/keeper/settings.ts";
import { defined } from "../../lib/defined.ts";
import { type ExitCode, Failure } from "../../lib/errors.ts";
import { checkSame } from "../../lib/local_api/same_daemon.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import type { JoinedRoom } from "../../lib/local_api/types/rooms.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { waitWithCountdown } from "../daemon_access/wait_with_note.ts";
import { showingProof } from "../output/showing_proof.ts";
import {
  rememberStart,
  type StartFlags,
  wantedBy,
} from "./remembered_start.ts";
import { askForStart } from "./start_phase.ts";

/** Flags of a command that starts a daemon where none runs, and then enters a room. */
export interface EnterFlags extends StartFlags {
  readonly wait?: number;
}

/** How long a relay's ages are waited out where nobody says it: what the longest known one asks, and some. */
export const DEFAULT_WAIT_MS = 600_000;

/** What stands before the daemon: nobody runs, and what it would be started with; or the one that runs. */
export interface Found {
  readonly dir: string;
  readonly settings: DaemonSettings;
  readonly running: Status | null;
}

/**
 * Sees to it that the daemon that is meant runs.
 *
 * @returns null where it does; else the exit code that asks for it.
 * @throws {Failure} OTHER_NAME, OTHER_RELAY, CANNOT_START, FILE_TROUBLE.
 */
export async function orStart(
  context: CliContext,
  flags: StartFlags,
  { dir, settings, running }: Found,
): Promise<ExitCode | null> {
  if (running !== null) {
    checkSame(running, wantedBy(settings));
    return null;
  }
  await rememberStart(context, settings);
  return await askForStart(context, { dir, flags });
}

/**
 * Joins a room; one that is not there is made where `makes` says so. What the relay wants to be older is waited for.
 *
 * @throws {Failure} what the relay refuses for good, or what time did not cure.
 */
export async function enterRoom(
  context: CliContext,
  { api, room, makes, wait }: {
    readonly api: LocalApi;
    readonly room: RoomName;
    readonly makes: boolean;
    readonly wait: number | undefined;
  },
): Promise<{ readonly joined: JoinedRoom; readonly isMade: boolean }> {
  const patient = <T>(action: () => Promise<T>) =>
    waitWithCountdown(context, wait ?? DEFAULT_WAIT_MS, action);
  try {
    return { joined: await patient(() => api.join({ room })), isMade: false };
  } catch (thrown) {
    const { code } = Failure.from(thrown);
    if (!makes || code !== "ROOM_NOT_FOUND") throw thrown;
  }
  try {
    const create = () =>
      showingProof(context, api, () => api.create(defined({ room })));
    return { joined: await patient(create), isMade: true };
  } catch (thrown) {
    // Somebody was faster.
    if (Failure.from(thrown).code !== "ROOM_EXISTS") throw thrown;
    return { joined: await patient(() => api.join({ room })), isMade: false };
  }
}
