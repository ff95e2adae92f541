import { randomBytes } from "node:crypto";
import { connect } from "../../lib/client/connection.ts";
import { upgradeProbe } from "../../lib/client/dial_probe.ts";
import { RelayRound } from "../../lib/client/relay_round.ts";
import { webSocketDial } from "../../lib/client/websocket_transport.ts";
import { systemClock } from "../../lib/clock.ts";
import { http1Head } from "../../lib/http1_head.ts";
import { Failure } from "../../lib/errors.ts";
import { serveKeeper, type WorkerScope } from "../../lib/sandbox_worker.ts";
import { ApiServer } from "../http/api_server.ts";
import { PageSessions } from "../http/page/page_sessions.ts";
import { KeeperLink } from "./keeper_link.ts";
import type {
  FromSessionWorker,
  SessionInit,
  ToSessionWorker,
} from "./keeper_messages.ts";
import { folderStore } from "../session/files/file_store.ts";
import { relayBlobs } from "../session/files/relay_blobs.ts";
import { restHistory } from "../session/receive/rest_history.ts";
import { Session } from "../session/session.ts";
import { WakePosts } from "../wake_posts/wake_posts.ts";
import { workerLogger } from "../../lib/worker_log.ts";

const scope = self as unknown as WorkerScope;
const tell = (message: FromSessionWorker) => scope.postMessage(message);
const log = workerLogger(tell);
const keeper = new KeeperLink(tell);
const clock = systemClock;
const chance = (count: number) => new Uint8Array(randomBytes(count));

/** The session and the local API, in a worker that may reach the relay, its address and its folder alone. */
class SessionWorker {
  #session: Session | null = null;
  #server: ApiServer | null = null;
  #posts: WakePosts | null = null;
  readonly #pages = new PageSessions({ clock, randomBytes: chance });

  async open(init: SessionInit): Promise<void> {
    const server = this.#server = new ApiServer({
      ...{ ...init, clock, log, pages: this.#pages },
      // Another worker is started, with what it needs to listen.
      lost: () => scope.close(),
    });
    const listening = await server.listen();
    if (!listening.ok) return tell({ type: "not_listening", ...listening });
    const { posts: targets } = init;
    this.#posts = new WakePosts({ targets, clock, log, fetch });
    const session = await this.#tryToMakeSession(init, server);
    if (session === null) return;
    this.#session = session;
    server.serve(session);
    session.start();
    this.#posts?.run(session.wakes).catch(uncaught);
    tell({ type: "listening", port: listening.port });
  }

  /** Where there can be none, nobody is left waiting for its answers. */
  async #tryToMakeSession(
    init: SessionInit,
    server: ApiServer,
  ): Promise<Session | null> {
    try {
      return this.#makeSession(init, server);
    } catch (error) {
      tell({ type: "not_started", failure: Failure.from(error).toJson() });
      await server.close();
      return null;
    }
  }

  async stop(): Promise<void> {
    this.#posts?.close();
    this.#session?.close();
    await this.#server?.close();
  }

  #makeSession(init: SessionInit, server: ApiServer): Session {
    const relays = new RelayRound(init.settings.relayUrls, Math.random);
    return new Session({
      ...init,
      connect,
      dial: webSocketDial({
        clock,
        probe: upgradeProbe(http1Head()),
        proxy: init.proxy,
      }),
      clock,
      log,
      randomBytes: chance,
      sign: keeper.sign,
      findProof: keeper.findProof,
      writeInvite: keeper.writeInvite,
      attest: keeper.attest,
      askKeys: keeper.askKeys,
      proof: () => keeper.proof,
      relays,
      restHistory: restHistory(() => relays.current, fetch),
      files: {
        store: folderStore(init.filesPath),
        blobs: relayBlobs({
          ...{ fetch, clock, relayUrl: () => relays.current },
          token: keeper.blobToken,
        }),
      },
      apiAddress: () => server.address,
      openPage: () => `${server.address}/page/open/${this.#pages.ticket()}`,
      wakeTargets: () => this.#posts?.status ?? [],
      requestStop: () => tell({ type: "stop_wanted" }),
      requestHandover: () => tell({ type: "handover_wanted" }),
    });
  }
}

const worker = new SessionWorker();

function uncaught(error: unknown): void {
  const reason = error instanceof Error
    ? error.stack ?? error.message
    : String(error);
  log.error("uncaught", { reason });
}

serveKeeper(scope, {
  message: (data) => {
    const message = data as ToSessionWorker;
    if (message.type === "init") worker.open(message).catch(uncaught);
    else keeper.heard(message);
  },
  stop: () => worker.stop(),
  uncaught,
});
