/** A request for an answer of the model. */
export interface Asked {
  /** `performance.now()` when it was there whole. */
  readonly at: number;
  readonly path: string;
  readonly body: string;
}

type Event = readonly [name: string, data: unknown];

/** What each service answers "ok" with, by the end of its path; none of it says anything that a program must do. */
const ANSWERS: Readonly<Record<string, readonly Event[]>> = {
  "/v1/messages": [
    ["message_start", {
      type: "message_start",
      message: {
        ...{ id: "m1", type: "message", role: "assistant", model: "mock" },
        ...{ content: [], stop_reason: null, stop_sequence: null },
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    }],
    ["content_block_start", {
      ...{ type: "content_block_start", index: 0 },
      content_block: { type: "text", text: "" },
    }],
    ["content_block_delta", {
      ...{ type: "content_block_delta", index: 0 },
      delta: { type: "text_delta", text: "ok" },
    }],
    ["content_block_stop", { type: "content_block_stop", index: 0 }],
    ["message_delta", {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 1 },
    }],
    ["message_stop", { type: "message_stop" }],
  ],
  "/v1/responses": [
    ["response.created", { type: "response.created", response: { id: "r1" } }],
    ["response.output_item.done", {
      ...{ type: "response.output_item.done", output_index: 0 },
      item: {
        ...{ type: "message", role: "assistant", id: "i1" },
        status: "completed",
        content: [{ type: "output_text", text: "ok", annotations: [] }],
      },
    }],
    ["response.completed", {
      type: "response.completed",
      response: {
        ...{ id: "r1", status: "completed", output: [] },
        usage: {
          ...{ input_tokens: 1, output_tokens: 1, total_tokens: 2 },
          ...{ input_tokens_details: null, output_tokens_details: null },
        },
      },
    }],
  ],
  "/v1/chat/completions": [
    ["", chunk({ role: "assistant", content: "ok" }, null)],
    ["", chunk({}, "stop")],
  ],
};

function chunk(delta: object, finish_reason: string | null): object {
  return {
    ...{ id: "c1", object: "chat.completion.chunk", created: 1, model: "m" },
    choices: [{ index: 0, delta, finish_reason }],
  };
}

/** Stands in for the services of models: says "ok" to all that is asked, and keeps it. */
export class ModelService implements AsyncDisposable {
  readonly asked: Asked[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  #told: () => void = () => {};

  constructor() {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /** http://127.0.0.1:PORT */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The first request that holds a text. @param patience told so long in vain, in milliseconds, it ends */
  async holding(text: RegExp, patience = 60_000): Promise<Asked> {
    const until = performance.now() + patience;
    for (;;) {
      const found = this.asked.find(({ body }) => text.test(body));
      if (found !== undefined) return found;
      if (performance.now() > until) throw new Error(`never asked ${text}`);
      await new Promise<void>((resolve) => {
        this.#told = resolve;
        setTimeout(resolve, 100);
      });
    }
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    const body = request.method === "POST" ? await request.text() : "";
    const answer = Object.entries(ANSWERS).find(([end]) => path.endsWith(end));
    if (answer === undefined) return Response.json({});
    this.asked.push({ at: performance.now(), path, body });
    this.#told();
    const [, events] = answer;
    const lines = events.map(([name, data]) =>
      `${name && `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
    );
    const end = path.endsWith("/completions") ? "data: [DONE]\n\n" : "";
    return new Response(lines.join("") + end, {
      headers: { "content-type": "text/event-stream" },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
