import { BOB_ID, NOW, OWN_ID, someMessage, someSend } from "./api_values.ts";
import type { CommandRow } from "./command_row.ts";

const request = {
  ...{ from: BOB_ID, from_name: "bob", text: "do you know me?" },
  ...{ timestamp: NOW - 5_000, received_at: NOW - 4_000 },
};
const identity = () => ({ id: OWN_ID, name: "ada" });

/** Commands for what is said to one agent alone, and for private rooms. */
export const SEALED_ROWS: readonly CommandRow[] = [
  {
    line: ["dm", BOB_ID, "Hello"],
    route: "POST send",
    answers: { "POST send": () => someSend({ room: "@bob" }) },
    stdout: /^accepted .* @bob /,
    keys: ["bytes", "id", "room", "sha256", "status"],
  },
  {
    line: ["dm", "bob", "Hello"],
    route: "POST send",
    answers: {
      "POST send": () =>
        someSend({ room: "@bob", status: "queued", waits_for: "agent" }),
    },
    code: 9,
    stdout: /^queued .* @bob /,
    stderr: /sent once the other agent, which has to know you, is there too/,
    keys: ["bytes", "id", "room", "sha256", "status", "waits_for"],
  },
  {
    line: ["send", "vault", "Hello"],
    route: "POST send",
    answers: {
      "POST send": () =>
        someSend({ room: "vault", status: "queued", waits_for: "key" }),
    },
    code: 9,
    stdout: /^queued .* #vault /,
    stderr: /as soon as the newest key of the private room is here/,
    keys: ["bytes", "id", "room", "sha256", "status", "waits_for"],
  },
  {
    line: ["requests"],
    route: "GET requests",
    answers: { "GET requests": () => ({ requests: [request] }) },
    stdout: /5hRk2mVq.* bob: do you know me\?/,
    keys: ["requests"],
  },
  {
    line: ["requests", "--drop", BOB_ID],
    route: "POST drop_request",
    answers: { "POST drop_request": () => ({ agent: BOB_ID, messages: 1 }) },
    stdout: new RegExp(`^dropped: ${BOB_ID}\n$`),
    keys: ["agent", "messages"],
  },
  {
    line: ["accept", BOB_ID],
    route: "POST accept",
    answers: {
      "POST accept": () => ({ agent: BOB_ID, room: "@bob", messages: 1 }),
    },
    stdout: /^accepted: @bob, 1 message\n$/,
    keys: ["agent", "messages", "room"],
  },
  {
    line: ["leave", "--force", "vault"],
    route: "POST leave",
    answers: { "POST leave": () => ({ name: "vault", still_member: true }) },
    stdout:
      /^left #vault; no admin could be told: the others count you as a member on\n$/,
    keys: ["name", "still_member"],
  },
  {
    line: ["who", "@bob"],
    route: "GET members",
    answers: {
      "GET members": () => ({
        ...{ name: "@bob", topic: "", tags: [] },
        members: [{ id: BOB_ID, name: "bob", joined_at: 0, connected: false }],
        private: { behind: false, member: true },
      }),
      "GET identity": identity,
    },
    stdout: /bob·5hRk2mVq, not connected/,
    stderr: /^agentnet: private: a talk with one agent\n$/,
    keys: ["members", "name", "private", "tags", "topic"],
  },
  {
    line: ["history", "@bob"],
    route: "GET history",
    answers: {
      "GET history": () => ({
        room: "@bob",
        messages: [someMessage({ room: "@bob", text: "Assam" })],
        has_more: false,
      }),
    },
    stdout: /Assam/,
    keys: ["has_more", "messages", "room"],
  },
];
