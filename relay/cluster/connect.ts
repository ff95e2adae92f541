import { checkServerIdentity, type PeerCertificate } from "node:tls";
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  type NatsConnection,
  nkeyAuthenticator,
  type NodeConnectionOptions,
  type TlsOptions,
  usernamePasswordAuthenticator,
} from "@nats-io/transport-node";
import {
  type ClusterSettings,
  hostPort,
  type ServerAddress,
} from "./cluster_settings.ts";
import type { Credentials } from "./credentials.ts";
import { logTrouble } from "./log_trouble.ts";

/** How a connection is kept, in milliseconds: a server that hangs is left within some 4 s. */
const KEPT = {
  timeout: 4_000,
  pingInterval: 1_500,
  maxPingOut: 2,
  reconnectTimeWait: 250,
  reconnectJitter: 250,
  reconnectJitterTLS: 250,
} as const;

/**
 * Connects to one of the servers, and to another one whenever it is lost.
 *
 * @throws {Failure} LOG_UNUSABLE where the servers refuse this relay, and Error where none answers now.
 */
export async function connectToServers(
  settings: ClusterSettings,
  node: string,
): Promise<NatsConnection> {
  try {
    return await connect(options(settings, node));
  } catch (error) {
    if (!(error instanceof AuthorizationError) || isLate(error)) throw error;
    throw logTrouble(
      `the servers refuse this relay (${error.message})`,
      "name the credentials of a user of theirs with --cluster-creds",
      error,
    );
  }
}

/** The servers give up on who stood still before it said who it is, and the client's error of that is that of a refusal. */
function isLate({ message }: AuthorizationError): boolean {
  return /timeout/i.test(message);
}

/** Leaves the server that it is at for the next one that it was named; what comes of it the connection's status tells. */
export function moveOn(connection: NatsConnection): void {
  if (!connection.isClosed() && !connection.isDraining()) {
    void connection.reconnect();
  }
}

/** The worker may reach the servers that were named and nothing else: no look-up, no servers that others name. */
function options(
  { servers, credentials, ca }: ClusterSettings,
  node: string,
): NodeConnectionOptions {
  const isTls = ca !== undefined || servers.some((server) => server.isTls);
  return {
    ...KEPT,
    name: `agentnet relay ${node}`,
    servers: servers.map(hostPort),
    resolve: false,
    ignoreClusterUpdates: true,
    reconnect: true,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    ...(isTls ? { tls: tlsOptions(servers, ca) } : {}),
    ...(credentials === undefined
      ? {}
      : { authenticator: authenticator(credentials) }),
  };
}

/**
 * A certificate has to be one of the named servers'. The client upgrades a connection that is open and looks for
 * "localhost" in the certificate of a server that is named by its IP address (3.4.0).
 */
function tlsOptions(
  servers: readonly ServerAddress[],
  ca: string | undefined,
): TlsOptions {
  const hosts = servers.map(({ hostname }) => hostname.replace(/^\[|\]$/g, ""));
  const options = {
    ...(ca === undefined ? {} : { ca }),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => {
      const faults = hosts.map((host) =>
        checkServerIdentity(host, certificate)
      );
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
  return options;
}

function authenticator(credentials: Credentials): Authenticator {
  const utf8 = new TextEncoder();
  switch (credentials.kind) {
    case "creds":
      return credsAuthenticator(utf8.encode(credentials.text));
    case "nkey":
      return nkeyAuthenticator(utf8.encode(credentials.seed));
    case "password":
      return usernamePasswordAuthenticator(
        credentials.user,
        credentials.password,
      );
  }
}
