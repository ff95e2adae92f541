import { Failure } from "../../lib/errors.ts";
import type {
  HistoryMessage,
  MessagesPage,
  ReceivedMessage,
  SendResult,
} from "../../lib/local_api/types.ts";
import { refusedKind } from "../../lib/text_rules/characters.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { answer, jsonAnswer, textAnswer } from "./answers.ts";
import * as requests from "./requests.ts";
import type { Route } from "./route.ts";

/** Messages that one GET /messages hands out; the rest stays unread for the next. */
const PAGE = 500;

/** The routes of the Go programs' daemon (protocol.md section 9), over ours. */
export function goRoutes(agent: AgentApi): Route[] {
  return [
    get("/status", () => jsonAnswer(status(agent))),
    get("/rooms", async () => jsonAnswer((await agent.rooms({})).rooms)),
    get("/messages", async ({ query, signal }) => {
      const room = query.get("room");
      const asked = room ? requests.roomQuery(query) : {};
      const page = await agent.messages({ ...asked, limit: PAGE }, signal);
      return unreadAnswer(agent, page, asked);
    }),
    get("/history", async ({ query, accept }) => {
      const page = await agent.history(requests.historyQuery(query));
      return accept.includes("application/json")
        ? jsonAnswer(page.messages.map(goMessage))
        : textAnswer(page.messages.map(historyLine).join(""));
    }),
    post(
      "/rooms/create",
      async ({ body }) =>
        jsonAnswer(await agent.create(requests.createRequest(body))),
    ),
    post(
      "/rooms/join",
      async ({ body }) =>
        jsonAnswer(await agent.join(requests.roomRequest(body))),
    ),
    post("/rooms/leave", async ({ body }) => {
      const { name } = await agent.leave(requests.roomRequest(body));
      return jsonAnswer({ status: "ok", room: name });
    }),
    post(
      "/send",
      async ({ body }) =>
        sendAnswer(await agent.send(requests.sendRequest(body))),
    ),
    post("/stop", () => jsonAnswer(agent.stop())),
  ];
}

function get(path: string, answer: Route["answer"]): Route {
  return { method: "GET", path, answer };
}

function post(path: string, answer: Route["answer"]): Route {
  return { method: "POST", path, answer };
}

function status(agent: AgentApi) {
  const { rooms, version, ...rest } = agent.status();
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
  agent: AgentApi,
  { messages }: MessagesPage,
  asked: { readonly room?: string },
): Response {
  const last = messages.at(-1);
  if (last === undefined) return jsonAnswer([]);
  const text = JSON.stringify(messages.map(goMessage)) + "\n";
  let isHandedOver = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!isHandedOver) {
        isHandedOver = true;
        return controller.enqueue(new TextEncoder().encode(text));
      }
      agent.read({ cursor: last.cursor, ...asked });
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
