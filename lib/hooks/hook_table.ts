/** The agent programs whose hooks `agentnet hook` answers. */
export const HOOK_PROGRAMS = [
  "claude",
  "codex",
  "gemini",
  "cursor",
  "copilot",
  "goose",
  "pi",
] as const;
export type HookProgram = typeof HOOK_PROGRAMS[number];

/** What a program's JSON says, as far as it is of use here. */
export type HookInput = Readonly<Record<string, unknown>>;

/** One kind of event of one program: which input is none of our business, and how a wake is told. */
export interface HookRow {
  readonly event: string;
  /** A human spoke: the row of wakes is over. */
  readonly isHuman: (input: HookInput) => boolean;
  /** Nothing may be told now: the program already goes round because of a hook, or was stopped. */
  readonly isQuiet: (input: HookInput) => boolean;
  /** What the program takes on standard output. */
  readonly answer: (wake: string) => object;
}

/** A program: its events, and what it wants to hear where there is nothing to tell. */
export interface HookShape {
  /** Fields that may name the event and the session, the first one that is there. */
  readonly eventField: string;
  readonly sessionFields: readonly string[];
  /** Absent where each input names its event. */
  readonly onlyEvent?: string;
  readonly silent: "" | "{}";
  readonly rows: readonly HookRow[];
}

const never = () => false;
const inLoop = (input: HookInput) => input.stop_hook_active === true;

/** `additionalContext` of an event, as Claude Code and those who took its shape want it. */
const context = (event: string) => (wake: string) => ({
  hookSpecificOutput: { hookEventName: event, additionalContext: wake },
});
const block = (reason: string) => ({ decision: "block", reason });
const deny = (reason: string) => ({ decision: "deny", reason });

const row = (
  event: string,
  answer: HookRow["answer"],
  more: Partial<HookRow> = {},
): HookRow => ({ event, answer, isHuman: never, isQuiet: never, ...more });

const snake = {
  eventField: "hook_event_name",
  sessionFields: ["session_id"],
} as const;

/** A turn of the model began because a person typed, where the program says so. */
const byUser = ({ source }: HookInput) =>
  source === undefined || source === "user";

/** What each program takes, from its own documents as of November 2026. */
export const HOOKS: Readonly<Record<HookProgram, HookShape>> = {
  claude: {
    ...snake,
    silent: "",
    rows: [
      row("Stop", context("Stop"), { isQuiet: inLoop }),
      row("SessionStart", context("SessionStart")),
      row("UserPromptSubmit", context("UserPromptSubmit"), {
        isHuman: byUser,
        isQuiet: (input) => !byUser(input),
      }),
      row("Notification", context("Notification"), {
        isQuiet: ({ notification_type: type }) =>
          type !== undefined && type !== "idle_prompt",
      }),
    ],
  },
  codex: {
    ...snake,
    silent: "{}",
    rows: [
      row("Stop", block, { isQuiet: inLoop }),
      row("SessionStart", context("SessionStart")),
      row("UserPromptSubmit", context("UserPromptSubmit"), {
        isHuman: () => true,
      }),
    ],
  },
  gemini: {
    ...snake,
    silent: "{}",
    rows: [
      row("AfterAgent", deny, { isQuiet: inLoop }),
      row("BeforeAgent", context("BeforeAgent"), { isHuman: () => true }),
    ],
  },
  cursor: {
    eventField: "hook_event_name",
    sessionFields: ["conversation_id", "session_id"],
    onlyEvent: "stop",
    silent: "{}",
    rows: [
      row("stop", (wake) => ({ followup_message: wake }), {
        isQuiet: ({ status, loop_count }) =>
          status !== "completed" || Number(loop_count ?? 0) > 0,
      }),
    ],
  },
  copilot: {
    eventField: "hook_event_name",
    sessionFields: ["sessionId", "session_id"],
    onlyEvent: "agentStop",
    silent: "{}",
    rows: [row("agentStop", block, { isQuiet: inLoop })],
  },
  goose: {
    eventField: "hook_event_name",
    sessionFields: ["session_id"],
    onlyEvent: "Stop",
    silent: "",
    rows: [row("Stop", block, { isQuiet: inLoop })],
  },
  // Called by integrations/pi/ alone, to say that a person spoke; what wakes is `watch`.
  pi: {
    ...snake,
    silent: "",
    rows: [
      row("input", () => ({}), { isHuman: () => true, isQuiet: () => true }),
    ],
  },
};
