import { isSessionId } from "../../lib/agent_settings/wake_target.ts";
import type { WakePost } from "./wake_post.ts";

/** A request to an agent program. */
export interface TargetRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** OpenCode's own name for who gives its password. */
const OPENCODE_USER = "opencode";

/** OpenClaw's hook: what wakes its agent now. */
export function openclawWake(
  { url, token }: WakePost,
  text: string,
): TargetRequest {
  const headers = token === undefined
    ? {}
    : { authorization: `Bearer ${token}` };
  return post(url, { text, mode: "now" }, headers);
}

/** OpenCode: which sessions there are. */
export function opencodeSessions(target: WakePost): TargetRequest {
  const headers = basic(target);
  return { method: "GET", url: below(target.url, "session"), headers };
}

/** OpenCode: what wakes one of its sessions. @param session a name of {@link isSessionId} */
export function opencodeWake(
  target: WakePost,
  { session, text }: { readonly session: string; readonly text: string },
): TargetRequest {
  const url = below(target.url, `session/${session}/prompt_async`);
  const parts = [{ type: "text", text, synthetic: true }];
  return post(url, { parts }, basic(target));
}

/**
 * The session of a list that was used last, children of others left out; null where there is none. Whatever the list
 * is, nothing is thrown.
 */
export function newestSession(list: unknown): string | null {
  if (!Array.isArray(list)) return null;
  let newest: { id: string; updated: number } | null = null;
  for (const one of list) {
    const session = sessionOf(one);
    if (session === null) continue;
    if (newest === null || session.updated > newest.updated) newest = session;
  }
  return newest?.id ?? null;
}

function sessionOf(value: unknown): { id: string; updated: number } | null {
  if (typeof value !== "object" || value === null) return null;
  const { id, parentID, time }: Record<string, unknown> = { ...value };
  if (!isSessionId(id) || parentID !== undefined) return null;
  const { updated } = { updated: 0, ...time as object };
  return { id, updated: typeof updated === "number" ? updated : 0 };
}

function post(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): TargetRequest {
  return {
    ...{ method: "POST", url, body: JSON.stringify(body) },
    headers: { "content-type": "application/json", ...headers },
  };
}

function basic({ token }: WakePost): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  return { authorization: `Basic ${btoa(`${OPENCODE_USER}:${token}`)}` };
}

const below = (url: string, path: string) =>
  new URL(path, url.endsWith("/") ? url : `${url}/`).href;
