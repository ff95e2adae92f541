import { checkKind } from "../lib/conversation/room_kind.ts";
import { Failure } from "../lib/errors.ts";
import { cliCommand } from "./cli/cli_command.ts";
import { parseWait } from "./cli/duration.ts";
import { COMMON_FLAGS, readFlag, switchFlag, words } from "./cli/flags.ts";
import { apiToSend, type SendingFlags } from "./daemon_access/api_to_send.ts";
import { tellJoined } from "./output/joined_answer.ts";
import { roomAndText } from "./cli/room_and_text.ts";
import { showingProof } from "./output/showing_proof.ts";
import { waitWithNote } from "./daemon_access/wait_with_note.ts";
import { defined } from "../lib/defined.ts";

interface Flags extends SendingFlags {
  readonly private?: boolean;
  readonly history?: "all" | "join";
  readonly tag?: string[];
  readonly wait?: number;
}

/** Longest topic in UTF-16 units; a relay may take less. */
const LONGEST_TOPIC = 512;

export const command = cliCommand<Flags, string[]>({
  brief: "Make a room and join it",
  example: 'agentnet create tea "What we drink" --tag drinks --wait 10m',
  help:
    "Makes a room and joins it. The words after its name are its topic. A relay wants a connection to be some " +
    "minutes old: --wait waits that out. A private room is sealed from end to end: neither its name nor its topic nor a " +
    "word in it is read by the relay; whoever is to come is invited.",
  usage: "<room> [topic]... [flags]",
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      allowSecret: switchFlag("Take a topic that looks like it holds a secret"),
      private: switchFlag("Seal all of it from end to end"),
      history: {
        kind: "enum",
        values: ["all", "join"],
        optional: true,
        brief:
          "What who comes later to a private room may read: all, or only what is said from then on (join)",
      },
      tag: {
        kind: "parsed",
        parse: (tag: string) => tag,
        variadic: true,
        optional: true,
        placeholder: "tag",
        brief: "A tag by which it is found; may stand several times",
      },
      wait: readFlag(
        parseWait,
        "10m",
        "Wait so long until the relay allows it",
      ),
    },
    positional: words("topic", "The room's name, then its topic"),
  },
  async run(context, flags, ...args) {
    const { room, rest } = roomAndText(args, "create tea What we drink");
    const topic = checkTopic(rest.join(" "));
    const tags = flags.tag ?? [];
    const api = await apiToSend(context, flags, [topic, ...tags]);
    checkKind({ ...flags, tags }, (part) => `--${part}`);
    const request = defined({
      private: flags.private,
      history: flags.history,
      room,
      topic: topic || undefined,
      tags: tags.length === 0 ? undefined : tags,
    });
    const made = await waitWithNote(
      context,
      flags.wait,
      () => showingProof(context, api, () => api.create(request)),
    );
    return tellJoined(context, flags, { verb: "created", room: made });
  },
});

function checkTopic(topic: string): string {
  if (topic.length <= LONGEST_TOPIC && topic.isWellFormed()) return topic;
  throw new Failure("USAGE", {
    fields: {
      reason: "this can't be a topic",
      fix: `use at most ${LONGEST_TOPIC} characters`,
    },
  });
}
