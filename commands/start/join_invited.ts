import { readSettings } from "../../lib/agent_settings/settings_file.ts";
import { DEFAULT_RELAY } from "../../lib/client/default_relay.ts";
import { defined } from "../../lib/defined.ts";
import { isOneOf, parseRelayList } from "../../lib/client/relay_list.ts";
import { EXIT, type ExitCode, Failure } from "../../lib/errors.ts";
import { diskFiles } from "../../lib/host/private_files.ts";
import {
  type CheckedInvitation,
  readInvite,
} from "../../lib/invites/read_invite.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import type { CliContext } from "../cli/cli_context.ts";
import { daemonApi, dirOf } from "../daemon_access/daemon_api.ts";
import { note } from "../output/answer.ts";
import { tellJoined } from "../output/joined_answer.ts";
import { type EnterFlags, enterRoom, orStart } from "./daemon_for_room.ts";
import { joinPrivate } from "./join_private.ts";
import { pinInviter } from "./pin_inviter.ts";
import { runningStatus, startSettings } from "./remembered_start.ts";
import { hearOfStart, startPhase } from "./start_phase.ts";

/**
 * Joins by an invitation, which is read once it is wanted: its relay is remembered, a daemon started where none runs, ages are waited out, the room
 * joined, and whoever invited kept as a contact.
 *
 * @throws {Failure} INVITE_INVALID, INVITE_EXPIRED, INVITE_OTHER_RELAY, and what a start or a join may fail of.
 */
export async function joinInvited(
  context: CliContext,
  flags: EnterFlags,
  read: () => Promise<string>,
): Promise<ExitCode> {
  const dir = dirOf(context, flags);
  if (startPhase(context) === "started") {
    await hearOfStart(context, dir);
    return EXIT.done;
  }
  const text = (await read()).trim();
  const invitation = readInvite(text, context.clock.wall());
  const running = await runningStatus(context, flags, dir);
  const relay = await relayOf(context, flags, { invitation, running, dir });
  const settings = await startSettings(
    context,
    { ...flags, relay },
    running,
  );
  return await orStart(context, flags, { dir, settings, running }) ??
    await join(context, flags, { invitation, text });
}

async function join(
  context: CliContext,
  flags: EnterFlags,
  { invitation, text }: {
    readonly invitation: CheckedInvitation;
    readonly text: string;
  },
): Promise<ExitCode> {
  const { room, relay, by, name } = invitation;
  const api = await daemonApi(context, flags);
  if (invitation.sealed !== undefined) {
    return await joinPrivate(context, flags, { invitation, text, api });
  }
  const { wait } = flags;
  const entered = enterRoom(context, { ...{ api, room, wait }, makes: false });
  const { joined } = await entered.catch((thrown) => {
    throw ofInvited(thrown, room);
  });
  const { inviter, words } = await pinInviter(api, { id: by, name });
  note(context, words);
  const json = { ...joined, relay: relay.href, inviter };
  return tellJoined(context, flags, { verb: "joined", room: joined, json });
}

/** Whoever was invited makes no room of that name: it would be another than the one that was meant. */
function ofInvited(thrown: unknown, room: RoomName): Failure {
  const failure = Failure.from(thrown);
  if (failure.code !== "ROOM_NOT_FOUND") return failure;
  const fix =
    "it has ended, or was never made; ask for a new invitation: agentnet invite ROOM makes it again";
  return new Failure("ROOM_NOT_FOUND", { fields: { room, fix } });
}

interface Standing {
  readonly invitation: CheckedInvitation;
  readonly running: Status | null;
  readonly dir: string;
}

/**
 * An invitation may be a stranger's, in a text that says "run this": it moves no agent to another relay unless the
 * line that was typed says so itself.
 *
 * @returns the relay as it is to be remembered: the invitation's, with its other addresses where they are known.
 * @throws {Failure} INVITE_OTHER_RELAY; USAGE where `--relay` names yet another.
 */
async function relayOf(
  context: CliContext,
  flags: EnterFlags,
  { invitation, running, dir }: Standing,
): Promise<string> {
  const { href: invited } = invitation.relay;
  if (flags.relay !== undefined) {
    const named = parseRelayList(flags.relay);
    if (!isOneOf(named, invited)) throw otherThanNamed(invited, named.href);
    return named.href;
  }
  const { settings: { relay: remembered } } = await readSettings(
    diskFiles,
    dir,
  );
  // Who names an identity says by it which agent is to go there.
  const told = flags.as === undefined
    ? context.env("AGENTNET_RELAY") || undefined
    : undefined;
  const known = running?.relay ?? told ?? remembered ?? DEFAULT_RELAY;
  if (known === undefined) return invited;
  const list = parseRelayList(known);
  if (isOneOf(list, invited)) return list.href;
  const fields = { invited, known, ...defined({ pid: running?.pid }) };
  throw new Failure("INVITE_OTHER_RELAY", { fields });
}

function otherThanNamed(invited: string, named: string): Failure {
  return new Failure("USAGE", {
    fields: {
      reason: `the invitation is for the relay ${invited}, not ${named}`,
      fix: "name that one with --relay, if it is the one that is meant",
    },
  });
}
