import type { Clock } from "../../lib/clock.ts";
import type { AgentApi } from "../../lib/local_api/agent_api.ts";
import { answer, jsonAnswer } from "./answers.ts";
import { eventStream } from "./event_stream.ts";
import * as requests from "./requests.ts";
import type { Call, Route } from "./route.ts";
import type { Slots } from "./slots.ts";

export interface V2Options {
  readonly agent: AgentApi;
  readonly clock: Clock;
  readonly waiting: Slots;
}

/** The daemon's own routes, typed in lib/local_api/types.ts. A GET changes nothing. */
export function v2Routes({ agent, clock, waiting }: V2Options): Route[] {
  return [
    get("status", () => agent.status()),
    get("identity", () => agent.identity()),
    get("rooms", ({ query }) => agent.rooms(requests.roomsQuery(query))),
    get(
      "members",
      ({ query }) => agent.members(requests.roomQuery(query).room),
    ),
    get("messages", (call) => messages(agent, call, waiting)),
    get("count", ({ query }) => agent.count(requests.messagesQuery(query))),
    get("message", ({ query }) => agent.message(requests.messageQuery(query))),
    get("history", ({ query }) => agent.history(requests.historyQuery(query))),
    get("sent", ({ query }) => agent.sent(requests.sentQuery(query))),
    get("search", ({ query }) => agent.search(requests.searchQuery(query))),
    post("create", ({ body }) => agent.create(requests.createRequest(body))),
    post("join", ({ body }) => agent.join(requests.roomRequest(body))),
    post("leave", ({ body }) => agent.leave(requests.roomRequest(body))),
    post("send", ({ body }) => agent.send(requests.sendRequest(body))),
    post("read", ({ body }) => agent.read(requests.readRequest(body))),
    get("contacts", () => agent.contacts()),
    post("mute", ({ body }) => agent.mute(requests.agentRequest(body).agent)),
    post(
      "unmute",
      ({ body }) => agent.unmute(requests.agentRequest(body).agent),
    ),
    post("pin", ({ body }) => agent.pin(requests.pinRequest(body))),
    post("unpin", ({ body }) => agent.unpin(requests.agentRequest(body).agent)),
    post("stop", () => agent.stop()),
    {
      method: "GET",
      path: "/v2/events",
      answer: ({ signal }) => {
        const ended = waiting.take();
        const stream = eventStream({ agent, clock, signal, ended });
        return answer(stream, { type: "text/event-stream" });
      },
    },
  ];
}

type Ask = (call: Call) => unknown;

function get(name: string, ask: Ask): Route {
  return { method: "GET", path: `/v2/${name}`, answer: asJson(ask) };
}

function post(name: string, ask: Ask): Route {
  return { method: "POST", path: `/v2/${name}`, answer: asJson(ask) };
}

function asJson(ask: Ask): Route["answer"] {
  return async (call) => jsonAnswer(await ask(call));
}

async function messages(
  agent: AgentApi,
  { query, signal }: Call,
  waiting: Slots,
) {
  const asked = requests.messagesQuery(query);
  const done = asked.wait_ms ? waiting.take() : () => undefined;
  try {
    return await agent.messages(asked, signal);
  } finally {
    done();
  }
}
