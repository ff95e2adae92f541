import { Failure } from "../../lib/errors.ts";
import type {
  HistoryMessage,
  ReceivedMessage,
} from "../../lib/local_api/types/messages.ts";
import type { MessagesPage } from "../../lib/local_api/types/mailbox.ts";
import type { SendResult } from "../../lib/local_api/types/sends.ts";
import type { Status } from "../../lib/local_api/types/status.ts";
import { refusedKind } from "../../lib/text_rules/characters.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { answer, jsonAnswer, textAnswer } from "./answers.ts";
import { requestOf } from "./requests.ts";
import type { Route } from "./route.ts";

/** Messages that one GET /messages hands out; the rest stays unread for the next. */
const PAGE = 500;

/** The routes of the Go programs' daemon (protocol.md section 9), over ours. */
export function goRoutes(agent: AgentApi): Route[] {
  return [
    get("/status", async ({ signal }) => {
      return jsonAnswer(goStatus(await agent.status({}, signal)));
    }),
    get("/rooms", async ({ signal }) => {
      return jsonAnswer((await agent.rooms({}, signal)).rooms);
    }),
    get("/messages", async (call) => {
      // Of its query, the room alone counts.
      const asked = call.query.get("room") ? requestOf("members", call) : {};
      const { signal } = call;
      const page = await agent.messages({ ...asked, limit: PAGE }, signal);
      const read = (cursor: number) => agent.read({ cursor, ...asked }, signal);
      return unreadAnswer(page, read);
    }),
    get("/history", async (call) => {
      const { accept, signal } = call;
      const page = await agent.history(requestOf("history", call), signal);
      return accept.includes("application/json")
        ? jsonAnswer(page.messages.map(goMessage))
        : textAnswer(page.messages.map(historyLine).join(""));
    }),
    post("/rooms/create", async (call) => {
      const request = requestOf("create", call);
      return jsonAnswer(await agent.create(request, call.signal));
    }),
    post("/rooms/join", async (call) => {
      const request = requestOf("join", call);
      return jsonAnswer(await agent.join(request, call.signal));
    }),
    post("/rooms/leave", async (call) => {
      const request = requestOf("leave", call);
      const { name } = await agent.leave(request, call.signal);
      return jsonAnswer({ status: "ok", room: name });
    }),
    post("/send", async (call) => {
      const request = requestOf("send", call);
      return sendAnswer(await agent.send(request, call.signal));
    }),
    post("/stop", async ({ signal }) => {
      return jsonAnswer(await agent.stop({}, signal));
    }),
  ];
}

function get(path: string, answer: Route["answer"]): Route {
  return { method: "GET", path, answer };
}

function post(path: string, answer: Route["answer"]): Route {
  return { method: "POST", path, answer };
}

function goStatus({ rooms, version, ...rest }: Status) {
  const joined = rooms.filter((room) => room.joined).map((room) => room.name);
  return {
    ...rest,
    rooms: joined,
    version,
    latest_version: version,
    update_available: false,
  };
}

function sendAnswer({ status, id, room }: SendResult): Response {
  switch (status) {
    case "accepted":
      return jsonAnswer({ status: "ok", id, room });
    case "queued":
      return jsonAnswer({ status: "queued", id, room }, 202);
    case "unknown":
      throw new Failure("OUTCOME_UNKNOWN", { fields: { id } });
    default:
      return status satisfies never;
  }
}

/** The messages, marked as read once they were handed over: a caller that went away finds them again. */
function unreadAnswer(
  { messages }: MessagesPage,
  read: (cursor: number) => unknown,
): Response {
  const last = messages.at(-1);
  if (last === undefined) return jsonAnswer([]);
  const text = JSON.stringify(messages.map(goMessage)) + "\n";
  let isHandedOver = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!isHandedOver) {
        isHandedOver = true;
        return controller.enqueue(new TextEncoder().encode(text));
      }
      await read(last.cursor);
      controller.close();
    },
  }, { highWaterMark: 0 });
  return answer(body, { type: "application/json" });
}

function goMessage(message: ReceivedMessage | HistoryMessage) {
  const { room, from, from_name, text, timestamp, ...rest } = message;
  return { room, from, from_name, text, timestamp, ...rest };
}

function historyLine(message: HistoryMessage): string {
  const { timestamp, from, from_name, text } = message;
  const time = new Date(timestamp).toISOString();
  return `[${time}] ${oneLine(from_name || from)}: ${oneLine(text)}\n`;
}

/** Text of another agent on one line, with what steers a terminal written out. */
function oneLine(text: string): string {
  return [...text].map((character) => {
    if (character === "\n") return "\\n";
    const code = character.codePointAt(0) ?? 0;
    return refusedKind(code) === null ? character : `\\u{${code.toString(16)}}`;
  }).join("");
}
