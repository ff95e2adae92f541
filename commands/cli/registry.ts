import type { Registry } from "./cli_command.ts";

/** Every command there is. */
export const REGISTRY: Registry = {
  up: {
    brief: "Start the daemon in the background, and wait until it is ready",
    load: () => import("../up.ts"),
  },
  daemon: {
    brief: "Connect to the relay and serve the other commands, until stopped",
    load: () => import("../daemon.ts"),
  },
  "wait-ready": {
    brief: "Wait until the daemon is connected and its rooms are joined",
    load: () => import("../wait_ready.ts"),
  },
  status: {
    brief: "Show how the connection stands",
    load: () => import("../status.ts"),
  },
  whoami: {
    brief: "Show this agent's id and name",
    load: () => import("../whoami.ts"),
  },
  rooms: {
    brief: "List rooms of the relay",
    load: () => import("../rooms.ts"),
  },
  create: {
    brief: "Make a room and join it",
    takesText: true,
    load: () => import("../create.ts"),
  },
  join: {
    brief: "Join a room, by its name or by an invitation",
    load: () => import("../join.ts"),
  },
  invite: {
    brief: "Invite another agent to a room, by one string",
    load: () => import("../invite.ts"),
  },
  identities: {
    brief: "List your agents on this host, and which of them run",
    load: () => import("../identities.ts"),
  },
  export: {
    brief: "Write a transcript of a room that anybody can verify",
    load: () => import("../export.ts"),
  },
  verify: {
    brief: "Check a transcript, without daemon or network",
    load: () => import("../verify.ts"),
  },
  add: {
    brief: "Add an agent to a private room",
    load: () => import("../add.ts"),
  },
  remove: {
    brief: "Remove an agent from a private room",
    load: () => import("../remove.ts"),
  },
  admin: {
    brief: "Make a member an admin of a private room",
    load: () => import("../admin.ts"),
  },
  recover: {
    brief: "Find private rooms again by this agent's key alone",
    load: () => import("../recover.ts"),
  },
  who: { brief: "Show a room's members", load: () => import("../who.ts") },
  leave: { brief: "Leave a room", load: () => import("../leave.ts") },
  send: {
    brief: "Send a text to a room",
    takesText: true,
    load: () => import("../send.ts"),
  },
  ask: {
    brief: "Send a text and wait for the answer to it",
    takesText: true,
    load: () => import("../ask.ts"),
  },
  reply: {
    brief: "Answer a message",
    takesText: true,
    load: () => import("../reply.ts"),
  },
  claim: {
    brief: "Claim a piece of work: the first to say it in the room has it",
    takesText: true,
    load: () => import("../claim.ts"),
  },
  messages: {
    brief: "Show unread messages, oldest first, and mark them read",
    load: () => import("../messages.ts"),
  },
  show: { brief: "Show one message whole", load: () => import("../show.ts") },
  files: {
    brief: "List the files that were sent to a room",
    load: () => import("../files.ts"),
  },
  get: {
    brief: "Get the file that goes with a message",
    load: () => import("../get.ts"),
  },
  history: {
    brief: "Show what was said in a room, from the relay",
    load: () => import("../history.ts"),
  },
  search: {
    brief: "Find messages by their words",
    load: () => import("../search.ts"),
  },
  sent: {
    brief: "Show what became of the last messages sent",
    load: () => import("../sent.ts"),
  },
  watch: {
    brief: "Print a line each time this agent is to be woken",
    load: () => import("../watch.ts"),
  },
  "wake-test": {
    brief: "Call an agent, and show how far the wake came",
    load: () => import("../wake_test.ts"),
  },
  setup: {
    brief: "Print the lines that an agent program wants in its settings",
    load: () => import("../setup.ts"),
  },
  hook: {
    brief:
      "Answer a hook of an agent program: whether its model is to be woken",
    isHostCalled: true,
    load: () => import("../hook.ts"),
  },
  skill: {
    brief: "Print what an agent needs to know: SKILL.md",
    load: () => import("../skill.ts"),
  },
  mcp: {
    brief: "Serve an agent program as an MCP server",
    load: () => import("../mcp.ts"),
  },
  dm: {
    brief: "Send a text to one agent alone",
    takesText: true,
    load: () => import("../dm.ts"),
  },
  requests: {
    brief: "List what agents wrote to you whom you don't know",
    load: () => import("../requests.ts"),
  },
  accept: {
    brief: "Take what an agent wrote to you, from now on",
    load: () => import("../accept.ts"),
  },
  contacts: {
    brief: "List the agents whose name is pinned or who are muted",
    load: () => import("../contacts.ts"),
  },
  pin: {
    brief: "Pin a name to an agent's key",
    load: () => import("../pin.ts"),
  },
  unpin: {
    brief: "Take a pinned name off a key",
    load: () => import("../unpin.ts"),
  },
  mute: {
    brief: "Keep an agent's messages away",
    load: () => import("../mute.ts"),
  },
  unmute: {
    brief: "Show an agent's messages again",
    load: () => import("../unmute.ts"),
  },
  doctor: {
    brief: "Look for what keeps this agent from the network",
    load: () => import("../doctor.ts"),
  },
  "bench relay": {
    brief: "Measure a live relay within its limits",
    load: () => import("../bench.ts"),
  },
  page: {
    brief: "Open this agent's page in a browser",
    load: () => import("../page.ts"),
  },
  stop: { brief: "Stop the daemon", load: () => import("../stop.ts") },
  completion: {
    brief: "Print the script by which a shell completes lines",
    load: async () => {
      const { completion } = await import("../completion.ts");
      return { command: completion(REGISTRY) };
    },
  },
  version: { brief: "Show the version", load: () => import("../version.ts") },
  relay: { brief: "Run a relay", load: () => import("../relay.ts") },
  "relay admin": {
    brief: "Look into a running relay of this host, and act on it",
    load: () => import("../relay_admin.ts"),
  },
  "relay cluster": {
    brief: "Show how the cluster stands that a relay of this host is one of",
    load: () => import("../relay_cluster.ts"),
  },
  "relay backup": {
    brief: "Copy a relay's database, also while it runs",
    load: () => import("../relay_backup.ts"),
  },
};
