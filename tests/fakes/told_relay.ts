import { defined } from "../../lib/defined.ts";

/** What a relay between agents and a real one passes on. */
export type Way =
  /** All of it, as it is. */
  | "as it is"
  /** What a Go relay would: frames rebuilt from the fields that it knows, nothing of this project's extensions. */
  | "as Go does";

/** Frames of this project's own relay, which a Go relay never sends. */
const OWN = new Set([
  ...["message.ack", "room.left", "room.closed"],
  ...["room.presence.result", "room.history.result"],
]);

type Frame = Record<string, unknown>;

/** A relay in front of a real one, which keeps every frame, and rebuilds them where it is told to. */
export class ToldRelay {
  /** Every text that went over the wire, either way. */
  readonly frames: string[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #upstream: URL;
  readonly #way: Way;
  readonly #sockets = new Set<WebSocket>();
  /** Frames to an agent that are kept from it, by what they say. */
  withheld: (frame: Frame, to: string) => boolean = () => false;

  constructor(upstream: string, way: Way) {
    this.#upstream = new URL(upstream);
    this.#way = way;
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#handle(request),
    );
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#server.addr.port}/v1/ws`;
  }

  /** Every connection is gone. */
  cut(): void {
    for (const socket of this.#sockets) close(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await this.#server.shutdown();
  }

  async #handle(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") === "websocket") {
      const { socket, response } = Deno.upgradeWebSocket(request);
      this.#join(socket);
      return response;
    }
    const { pathname, search } = new URL(request.url);
    const url = new URL(pathname + search, this.#upstream);
    url.protocol = "http:";
    const answer = await fetch(url);
    const text = await answer.text();
    this.frames.push(text);
    const { status } = answer;
    return new Response(this.#isGo ? goRows(text) : text, { status });
  }

  get #isGo(): boolean {
    return this.#way === "as Go does";
  }

  #join(agent: WebSocket): void {
    const relay = new WebSocket(this.#upstream);
    const waiting: string[] = [];
    let id = "";
    this.#sockets.add(agent).add(relay);
    agent.onmessage = ({ data }) => {
      const text = String(data);
      this.frames.push(text);
      const frame = JSON.parse(text);
      if (frame.type === "hello") id = frame.profile.id;
      if (relay.readyState === WebSocket.OPEN) relay.send(text);
      else waiting.push(text);
    };
    relay.onopen = () => {
      for (const text of waiting) relay.send(text);
    };
    relay.onmessage = ({ data }) => {
      const text = String(data);
      this.frames.push(text);
      const told = this.#told(JSON.parse(text), id);
      if (told === null || agent.readyState !== WebSocket.OPEN) return;
      agent.send(JSON.stringify(told));
    };
    for (const [one, other] of [[agent, relay], [relay, agent]] as const) {
      one.onclose = () => close(other);
      one.onerror = () => close(other);
    }
  }

  #told(frame: Frame, to: string): Frame | null {
    if (this.withheld(frame, to)) return null;
    return this.#isGo ? goFrame(frame) : frame;
  }
}

/** The frame as a Go relay writes it; null for one that it does not know. */
function goFrame(frame: Frame): Frame | null {
  const { type, features: _features, ref: _ref, ...rest } = frame;
  if (OWN.has(String(type))) return null;
  if (type !== "message") return { type, ...rest };
  const { id, room, from, content, timestamp, nonce, signature } = frame;
  return defined({
    ...{ type, id, room, from, content, timestamp, nonce, signature },
  });
}

/** Rows of a Go relay have neither nonce nor signature, and no number. */
function goRows(text: string): string {
  const body = JSON.parse(text);
  if (!Array.isArray(body.messages)) return text;
  const messages = body.messages.map((row: Frame) => {
    const { id, room, from_id, from_name, content, timestamp } = row;
    return { id, room, from_id, from_name, content, timestamp };
  });
  return JSON.stringify({ ...body, messages });
}

function close(socket: WebSocket): void {
  if (socket.readyState <= WebSocket.OPEN) socket.close();
}
