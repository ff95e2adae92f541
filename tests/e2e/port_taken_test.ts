import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";

const NO_RELAY = "ws://127.0.0.1:9/v1/ws";
const SECRET = "the plan of the whole harvest";
const LIE = "words that a stranger made up";

/** What a stranger answers to a request's first line. */
type Answering = (head: string) => Promise<string> | string;

/** Another user's program on a port that a daemon or a relay had: it keeps what it is sent, and answers as one would. */
class Stranger {
  heard = "";
  readonly #listener: Deno.TcpListener;
  readonly #serving: Promise<void>;

  constructor(port: number, answer: Answering = lie) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#serving = this.#serve(answer);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #serve(answer: Answering): Promise<void> {
    for await (const connection of this.#listener) {
      void this.#talk(connection, answer);
    }
  }

  async #talk(connection: Deno.Conn, answer: Answering): Promise<void> {
    using held = connection;
    const buffer = new Uint8Array(65_536);
    for (let size; (size = await held.read(buffer)) !== null;) {
      const text = new TextDecoder().decode(buffer.subarray(0, size));
      this.heard += text;
      const said = await answer(text);
      await held.write(new TextEncoder().encode(said));
      if (said.includes("connection: close")) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }
}

function httpAnswer(body: string, head: readonly string[] = []): string {
  const length = new TextEncoder().encode(body).length;
  return ["HTTP/1.1 200 OK", ...head, `content-length: ${length}`, "", body]
    .join("\r\n");
}

/** As a daemon whose agent has a message. */
function lie(): string {
  const message = { cursor: 1, id: "m-1", room: "tea", text: LIE, ts: 1 };
  const answer = {
    ...{ messages: [message], message, rooms: [], sent: [], more: 0 },
    ...{ state: "connected", status: "sent", stopping: true, room: LIE },
  };
  return httpAnswer(JSON.stringify(answer), ["connection: close"]);
}

const COMMANDS: readonly (readonly string[])[] = [
  ["send", "tea", SECRET],
  ["search", SECRET],
  ["messages"],
  ["status"],
  ["stop"],
];

Deno.test("commands: after kill -9 whoever has the daemon's port is sent neither token nor text, and believed nothing", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const daemon = await ada.startDaemon({ relay: NO_RELAY });
  const token = (await Deno.readTextFile(`${ada.dataDir}/api.token`)).trim();
  const address = (await Deno.readTextFile(`${ada.dataDir}/api.addr`)).trim();
  daemon.kill("SIGKILL");
  await daemon.status;
  await using stranger = new Stranger(Number(address.split(":")[1]));
  const check = async (args: readonly string[]) => {
    const { code, stdout, stderr } = await ada.run(args);
    assert.equal(code, 3, `${args}: ${code} ${stdout} ${stderr}`);
    assert.ok(!(stdout + stderr).includes(LIE), `${args}: ${stdout} ${stderr}`);
    assert.ok(!stranger.heard.includes(token), `${args}: the token`);
    assert.ok(!stranger.heard.includes("harvest"), `${args}: the text`);
  };
  for (const args of COMMANDS) await check(args);
  // The lock's file gone, as under a daemon that runs, or held: then there may be one, and it has to prove itself.
  await Deno.remove(`${ada.dataDir}/daemon.lock`);
  for (const args of COMMANDS) await check(args);
  const env = { AGENTNET_TOKEN: token, AGENTNET_API: address };
  const named = await ada.run(["send", "tea", SECRET], { env });
  assert.equal(named.code, 3, named.stderr);
  assert.match(named.stderr, /nothing was sent/);
  assert.ok(!stranger.heard.includes(token));
  assert.ok(!stranger.heard.includes("harvest"));
});

Deno.test("commands: who passes a daemon's own proof on from another port is sent neither token nor text", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  await ada.startDaemon({ relay: NO_RELAY });
  const path = `${ada.dataDir}/api.addr`;
  const token = (await Deno.readTextFile(`${ada.dataDir}/api.token`)).trim();
  const real = (await Deno.readTextFile(path)).trim();
  await using stranger = new Stranger(0, async (request) => {
    const target = request.split(" ")[1] ?? "/";
    const answer = await fetch(`http://${real}${target}`);
    return httpAnswer(await answer.text());
  });
  await Deno.writeTextFile(path, `127.0.0.1:${stranger.port}\n`);
  const { code, stdout, stderr } = await ada.run(["send", "tea", SECRET]);
  assert.equal(code, 3, stdout + stderr);
  assert.ok(!stranger.heard.includes(token));
  assert.ok(!stranger.heard.includes("harvest"));
});

Deno.test("agentnet daemon: a second start asks no stranger with the token of the one that was killed", async () => {
  await using stage = await Stage.open();
  const ada = stage.agent("ada");
  const daemon = await ada.startDaemon({ relay: NO_RELAY });
  const token = (await Deno.readTextFile(`${ada.dataDir}/api.token`)).trim();
  const address = (await Deno.readTextFile(`${ada.dataDir}/api.addr`)).trim();
  daemon.kill("SIGKILL");
  await daemon.status;
  await using stranger = new Stranger(Number(address.split(":")[1]));
  await ada.startDaemon({ relay: NO_RELAY });
  assert.ok(stranger.heard !== "" && !stranger.heard.includes(token));
  assert.equal((await ada.run(["whoami"])).code, 0);
});

Deno.test("agentnet relay admin: after kill -9 whoever has the admin port is not sent the token", async () => {
  await using stage = await Stage.open();
  const data = `${stage.folder}/relay`;
  const relay = await stage.startRelay();
  const read = (name: string) => Deno.readTextFile(`${data}/${name}`);
  const token = (await read("admin.token")).trim();
  const address = (await read("admin.addr")).trim();
  relay.process.kill("SIGKILL");
  await relay.process.status;
  await using stranger = new Stranger(Number(address.split(":")[1]));
  const act = ["relay", "admin", "ban", "agent-of-harvest", "--data", data];
  const { code, stdout } = await stage.run(act);
  assert.equal(code, 3, stdout);
  assert.ok(stranger.heard !== "" && !stranger.heard.includes(token));
  assert.ok(!stranger.heard.includes("harvest"));
});
