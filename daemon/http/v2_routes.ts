import type { Clock } from "../../lib/clock.ts";
import type { AgentApi, Operator } from "../../lib/local_api/agent_api.ts";
import {
  heldMs,
  OPERATION_NAMES,
  type OperationName,
  OPERATIONS,
  pathOf,
} from "../../lib/local_api/operations.ts";
import { answer, jsonAnswer } from "./answers.ts";
import { eventStream } from "./event_stream.ts";
import { fileRoutes } from "./file_routes.ts";
import { requestOf } from "./requests.ts";
import type { Route } from "./route.ts";
import type { Slots } from "./slots.ts";

export interface V2Options {
  readonly agent: AgentApi;
  readonly clock: Clock;
  readonly waiting: Slots;
}

/** The daemon's own routes: one an operation of lib/local_api/operations.ts, and the stream of events. */
export function v2Routes(options: V2Options): Route[] {
  const { agent, clock, waiting } = options;
  return [
    ...OPERATION_NAMES.map((name) => operationRoute(name, options)),
    ...fileRoutes(agent.fileApi, waiting),
    {
      method: "GET",
      path: EVENTS_PATH,
      answer: ({ signal }) => {
        const ended = waiting.take();
        const stream = eventStream({ agent, clock, signal, ended });
        return answer(stream, { type: "text/event-stream" });
      },
    },
  ];
}

/** Messages as server-sent events: the one route that is no operation, since it has no end. */
const EVENTS_PATH = "/v2/events";

function operationRoute<Name extends OperationName>(
  name: Name,
  { agent, waiting }: Pick<V2Options, "agent" | "waiting">,
): Route {
  const operator: Operator = agent;
  return {
    method: OPERATIONS[name].method,
    path: pathOf(name),
    answer: async (call) => {
      const request = requestOf(name, call);
      const done = heldMs(name, request) > 0 ? waiting.take() : () => undefined;
      try {
        return jsonAnswer(await operator[name](request, call.signal));
      } finally {
        done();
      }
    },
  };
}
