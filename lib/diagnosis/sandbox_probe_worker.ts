// Worker entry: tries what the session worker must not do, and tells what came of it (sandbox_probe.ts).

/** What is to be tried on. */
export interface ProbeTask {
  readonly forbiddenFile: string;
}

/** Each attempt, and whether it was refused for want of permission. */
export type ProbeAnswer = readonly {
  readonly attempt: string;
  readonly refused: boolean;
}[];

interface Scope {
  onmessage: ((event: MessageEvent<ProbeTask>) => void) | null;
  postMessage(message: ProbeAnswer): void;
}

/** A documentation address (RFC 5737) that no relay has. */
const ELSEWHERE = { hostname: "192.0.2.1", port: 443 };

const scope = self as unknown as Scope;
scope.onmessage = async ({ data }) => {
  const attempts: [string, () => unknown][] = [
    [
      "reading the agent's key",
      () => Deno.readTextFileSync(data.forbiddenFile),
    ],
    ["connecting to another host", () => Deno.connect(ELSEWHERE)],
    ["reading the environment", () => Deno.env.get("HOME")],
    ["running a program", () => new Deno.Command("true").outputSync()],
    ["loading native code", () => Deno.dlopen("libc.so.6", {})],
    ["asking for the host's name", () => Deno.hostname()],
  ];
  const answer = [];
  for (const [attempt, action] of attempts) {
    answer.push({ attempt, refused: await isRefused(action) });
  }
  scope.postMessage(answer);
};

async function isRefused(action: () => unknown): Promise<boolean> {
  try {
    await action();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.NotCapable;
  }
}
