import { createApi } from "../../daemon/http/api.ts";
import { hostsOf } from "../../daemon/http/gate.ts";
import { silentLogger } from "../../lib/log.ts";
import { FakeAgent } from "./fake_agent.ts";
import { FakeClock } from "./fake_clock.ts";
import { pageSessions } from "./page_sessions.ts";
import { defined } from "../../lib/defined.ts";

export const TOKEN = "2xVgTokenOfATest";

/** One request, right in everything that is not named. */
export interface Ask {
  readonly method?: string;
  /** null leaves a header out. */
  readonly host?: string | null;
  readonly authorization?: string | null;
  readonly origin?: string;
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
}

/** The local API over a fake agent, asked without a socket. */
export class ApiRig {
  readonly agent = new FakeAgent();
  readonly clock = new FakeClock();
  readonly stopping = new AbortController();
  readonly pages = pageSessions(this.clock);
  readonly #api = createApi({
    agent: this.agent,
    pages: this.pages,
    token: TOKEN,
    hosts: hostsOf({ hostname: "127.0.0.1", port: 9900 }),
    clock: this.clock,
    log: silentLogger,
    stopping: this.stopping.signal,
    mostWaiting: 3,
  });

  ask(path: string, ask: Ask = {}, signal?: AbortSignal): Promise<Response> {
    const { method = "GET", body, origin } = ask;
    const headers = new Headers(ask.headers);
    const put = (name: string, value: string | null | undefined) =>
      value === null || value === undefined || headers.set(name, value);
    put("host", ask.host === undefined ? "127.0.0.1:9900" : ask.host);
    const right = `Bearer ${TOKEN}`;
    const { authorization = right, type } = ask;
    put("authorization", authorization);
    put("origin", origin);
    const typed = body === undefined ? null : "application/json";
    put("content-type", type === undefined ? typed : type);
    return this.#api(
      new Request(`http://127.0.0.1:9900${path}`, {
        method,
        headers,
        ...defined({ body, signal }),
        ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
      }),
    );
  }

  post(path: string, body: unknown, ask: Ask = {}): Promise<Response> {
    return this.ask(path, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...ask,
    });
  }
}
