import {
  newestSession,
  openclawWake,
  opencodeSessions,
  opencodeWake,
  type TargetRequest,
} from "./target_requests.ts";
import type { WakePost } from "./wake_post.ts";

/** Why a program did not take a wake, in words of our own. */
export class NotTaken extends Error {
  override readonly name = "NotTaken";
}

/** A list of sessions may be so long, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;

/**
 * Posts a wake to its target. No redirection is followed.
 *
 * @param text of our own words.
 * @throws {NotTaken} the target is there and did not take it; else what `fetch` throws.
 */
export async function postWake(
  target: WakePost,
  { text, fetch, signal }: {
    readonly text: string;
    readonly fetch: typeof globalThis.fetch;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const send = (request: TargetRequest) => ask(request, { fetch, signal });
  switch (target.program) {
    case "openclaw":
      return await done(await send(openclawWake(target, text)));
    case "opencode": {
      const session = target.session ??
        newestSession(await json(await send(opencodeSessions(target))));
      if (session === null) throw new NotTaken("it has no session");
      return await done(await send(opencodeWake(target, { session, text })));
    }
    default:
      return target.program satisfies never;
  }
}

async function ask(
  { url, ...request }: TargetRequest,
  { fetch, signal }: {
    readonly fetch: typeof globalThis.fetch;
    readonly signal: AbortSignal;
  },
): Promise<Response> {
  const response = await fetch(url, {
    ...request,
    ...{ redirect: "manual", signal },
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new NotTaken(refusal(response.status));
}

function refusal(status: number): string {
  const why = status === 401 || status === 403
    ? ": the token in token_file is not its own"
    : status === 404
    ? ": nothing takes a wake at this address"
    : "";
  return `it answered ${status}${why}`;
}

async function done(response: Response): Promise<void> {
  await response.body?.cancel();
}

/** The answer as JSON; undefined where it is none. @throws {NotTaken} for one that is too large. */
async function json(response: Response): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      throw new NotTaken("its list of sessions is too long");
    }
    text += decoder.decode(chunk, { stream: true });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
