import {
  BOB_ID,
  NOW,
  OWN_ID,
  someListing,
  someMessage,
  somePage,
  someRoom,
  someSend,
  someStatus,
} from "./api_values.ts";
import type { CommandRow } from "./command_row.ts";
import { SEALED_ROWS } from "./sealed_rows.ts";

const history = {
  room: "tea",
  messages: [{
    id: "msg-7",
    room: "tea",
    from: BOB_ID,
    from_name: "bob",
    text: "Assam",
    timestamp: NOW - 5_000,
    verified: true,
  }],
  has_more: false,
};

const identity = () => ({ id: OWN_ID, name: "ada" });
const roomKeys = ["members", "name", "tags", "topic"];
const sendKeys = ["bytes", "id", "room", "sha256", "status"];
const pageKeys = ["dropped", "gaps", "messages", "remaining"];

/** Every command that talks to the daemon. */
export const COMMAND_ROWS: readonly CommandRow[] = [
  ...SEALED_ROWS,
  {
    line: ["status"],
    route: "GET status",
    answers: { "GET status": () => someStatus() },
    stdout: /^connected to wss:\/\/relay\.example\.org/,
    keys: Object.keys(someStatus()),
  },
  {
    line: ["page"],
    route: "POST page",
    answers: {
      "POST page": () => ({ url: "http://127.0.0.1:9900/page/open/00" }),
    },
    stdout: /^http:\/\/127\.0\.0\.1:9900\/page\/open\/00\n$/,
    keys: ["url"],
  },
  {
    line: ["whoami"],
    route: "GET identity",
    answers: { "GET identity": identity },
    stdout: new RegExp(`^ada ${OWN_ID}\n$`),
    keys: ["id", "name"],
  },
  {
    line: ["rooms"],
    route: "GET rooms",
    answers: {
      "GET rooms": () => ({
        rooms: [someListing()],
        has_more: false,
        partial: false,
      }),
    },
    stdout: /⟦untrusted \w{8}:.*\n.*tea.*\n⟦end/,
    keys: ["has_more", "partial", "rooms"],
  },
  {
    line: ["create", "tea", "What", "we", "drink", "--tag", "drinks"],
    route: "POST create",
    answers: { "POST create": () => someRoom(), "GET identity": identity },
    stdout: /tea/,
    keys: roomKeys,
  },
  {
    line: ["join", "tea"],
    route: "POST join",
    answers: { "POST join": () => someRoom() },
    stdout: /tea/,
    keys: roomKeys,
  },
  {
    line: ["who", "tea"],
    route: "GET members",
    answers: { "GET members": () => someRoom(), "GET identity": identity },
    stdout: /bob·5hRk2mVq/,
    keys: roomKeys,
  },
  ...(["add", "remove", "admin"] as const).map((change) => ({
    line: [change, "vault", BOB_ID],
    route: "POST member",
    answers: {
      "POST member": () => ({
        ...{ room: "vault", agent: BOB_ID, change, epoch: 4, members: 2 },
      }),
    },
    stdout: /#vault, which has 2 members and key 4/,
    keys: ["agent", "change", "epoch", "members", "room"],
  })),
  {
    line: ["recover"],
    route: "POST recover",
    answers: {
      "POST recover": () => ({
        rooms: [
          { name: "vault", wire: "p-1", status: "recovered" },
          { name: "p-2", wire: "p-2", status: "unproven" },
        ],
      }),
    },
    stdout: /^#vault {2}entered again\n#p-2 {2}not entered: .*recover p-2\n$/,
    keys: ["rooms"],
  },
  {
    line: ["leave", "tea"],
    route: "POST leave",
    answers: { "POST leave": () => ({ name: "tea" }) },
    stdout: /^left #tea\n$/,
    keys: ["name"],
  },
  {
    line: ["leave", "tea"],
    route: "POST leave",
    answers: { "POST leave": () => ({ name: "tea", unsent: 2 }) },
    stdout: /^left #tea; 2 messages .* not sent: agentnet sent\n$/,
    keys: ["name", "unsent"],
  },
  {
    line: ["send", "tea", "Hello"],
    route: "POST send",
    answers: { "POST send": () => someSend() },
    stdout: /^accepted id-of-it .*5 bytes.*2cf24dba5fb0\n$/,
    keys: sendKeys,
  },
  {
    line: ["ask", "tea", "Which", "one?"],
    route: "POST send",
    answers: {
      "GET status": () => someStatus({ relay_features: ["ack", "fields"] }),
      "GET messages": ({ query }) =>
        somePage(
          query.wait_ms === undefined
            ? []
            : [someMessage({ reply_to: "id-of-it" })],
        ),
      "POST send": () => someSend(),
      "POST read": () => ({ status: "ok" }),
    },
    stdout: /^⟦untrusted .*\n.*bob·5hRk2mVq ✓: Assam, please\n⟦end/,
    keys: ["answers", "interrupted_by", "other_messages", "reply", "sent"],
  },
  {
    line: ["claim", "tea", "the", "parser"],
    route: "POST send",
    answers: {
      "GET status": () => someStatus({ relay_features: ["ack", "fields"] }),
      "GET history": () => history,
      "POST send": () => someSend({ seq: 9 }),
    },
    stdout: /^yours in #tea\n$/,
    keys: [
      ...["by", "first", "looked", "mine", "room", "sent", "text"],
      "unproven",
    ],
  },
  {
    line: ["reply", "msg-7", "Assam"],
    route: "POST send",
    answers: {
      "GET message": () => ({ message: someMessage() }),
      "POST send": () => someSend(),
    },
    stdout:
      /^accepted id-of-it .*5 bytes.*2cf24dba5fb0\n↩ bob·5hRk2mVq ✓ ⟦untrusted: Assam, please⟧\n$/,
    keys: ["answered", ...sendKeys],
  },
  {
    line: ["messages"],
    route: "GET messages",
    answers: {
      "GET messages": () => somePage([someMessage()]),
      "POST read": () => ({ status: "ok" }),
    },
    stdout:
      /^⟦untrusted \w{8}: .*⟧\n7 07:59 #tea bob·5hRk2mVq ✓: Assam, please\n⟦end/,
    keys: pageKeys,
  },
  {
    line: ["messages", "--count"],
    route: "GET count",
    answers: { "GET count": () => ({ count: 3 }) },
    stdout: /^3\n$/,
    keys: ["count"],
  },
  {
    line: ["history", "tea"],
    route: "GET history",
    answers: { "GET history": () => history },
    stdout: /^⟦untrusted .*\nmsg-7 07:59 #tea bob·5hRk2mVq ✓: Assam\n⟦end/,
    keys: ["has_more", "messages", "room"],
  },
  {
    line: ["show", "msg-7"],
    route: "GET message",
    answers: { "GET message": () => ({ message: someMessage() }) },
    stdout: /bob·5hRk2mVq ✓: Assam, please\n⟦end/,
    keys: ["message"],
  },
  {
    line: ["files", "tea"],
    route: "GET files",
    answers: {
      "GET files": () => ({
        messages: [
          someMessage({
            file: { name: "a.txt", size: 5, sha256: "ab".repeat(32) },
          }),
        ],
      }),
    },
    stdout: /bob·.* ✓, 5 bytes, sha256 abababababab, available: a\.txt/,
    keys: ["files", "room"],
  },
  {
    line: ["sent"],
    route: "GET sent",
    answers: {
      "GET sent": () => ({
        sent: [{
          id: "own-1",
          room: "tea",
          text: "Hello",
          created_at: NOW - 9_000,
          status: "accepted",
        }],
      }),
    },
    stdout: /accepted.*own-1|own-1.*accepted/,
    keys: ["sent"],
  },
  {
    line: ["stop"],
    route: "POST stop",
    answers: { "POST stop": () => ({ status: "stopping" }) },
    stdout: /^stop/,
    keys: ["status"],
  },
  {
    line: ["wait-ready", "--timeout", "1s"],
    route: "GET status",
    answers: { "GET status": () => someStatus() },
    stdout: /^connected/,
    keys: Object.keys(someStatus()),
  },
];

/** The row as a test names it. */
export const nameOf = ({ line }: CommandRow) => line.join(" ");
