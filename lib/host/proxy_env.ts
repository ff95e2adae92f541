import { keepLoopbackDirect, type ProxyEnv } from "./no_proxy.ts";

/** The environment, as far as the daemon changes it. */
export interface DaemonEnv extends ProxyEnv {
  delete(name: string): void;
}

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/**
 * Lets only the named proxy, if any, stand between this program and the relay, and nothing between it and loopback.
 * The runtime reads these variables at a thread's first request, `WebSocket` included, whatever the permissions of
 * that thread: call this before any worker starts.
 */
export function routeThrough(env: DaemonEnv, proxy: string | undefined): void {
  for (const name of NAMES) {
    for (const variable of [name, name.toLowerCase()]) {
      if (proxy === undefined || name === "ALL_PROXY") env.delete(variable);
      else env.set(variable, proxy);
    }
  }
  keepLoopbackDirect(env);
}
