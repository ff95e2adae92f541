// Wakes an idle session of pi: each line of `agentnet watch` becomes a message that starts a turn. A line is at most
// 200 bytes of AgentNet's own words and numbers; what was said is read with `agentnet messages`.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Words behind each command, such as `--as`, `NAME`. */
const WORDS: string[] = [];
/** Longest line of a wake, and what it begins with. */
const MOST = 200;
const BEGINS = "AgentNet: ";

/** What is used of pi's ExtensionAPI. */
interface Pi {
  on(
    event: "session_start" | "session_shutdown" | "input",
    handler: (event: Input, context: Context) => void,
  ): void;
  sendMessage(
    message: { customType: string; content: string; display: boolean },
    options: { triggerTurn: boolean; deliverAs: "followUp" },
  ): void;
}

interface Input {
  source?: string;
}

interface Context {
  hasUI: boolean;
  ui: { notify(text: string, kind: "warning"): void };
}

// pi looks for an extension in the default export.
// deno-lint-ignore agentnet/no-default-export
export default function agentnet(pi: Pi): void {
  let stop = () => {};
  pi.on("session_start", (_event, context) => {
    // One that prints an answer and ends is never idle.
    if (!context.hasUI) return;
    stop();
    stop = watch(
      (line) =>
        pi.sendMessage(
          { customType: "agentnet", content: line, display: true },
          { triggerTurn: true, deliverAs: "followUp" },
        ),
      (reason) => context.ui.notify(`AgentNet: ${reason}`, "warning"),
    );
  });
  pi.on("session_shutdown", () => stop());
  // A person spoke: the row of wakes is over.
  pi.on("input", ({ source }) => {
    if (source === "interactive") tellHuman();
  });
}

/** Calls `wake` with each line, and `ended` with the reason where it ends by itself. @returns what ends it */
function watch(
  wake: (line: string) => void,
  ended: (reason: string) => void,
): () => void {
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn("agentnet", ["watch", ...WORDS], { stdio: [...stdio] });
  let isStopped = false;
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (line.startsWith(BEGINS) && line.length <= MOST) wake(line);
  });
  child.on("error", () => ended("no program agentnet on the PATH"));
  child.on("exit", (code) => {
    if (!isStopped && code !== 0) {
      ended("agentnet watch ended; agentnet doctor says why");
    }
  });
  return () => {
    isStopped = true;
    child.kill();
  };
}

function tellHuman(): void {
  const child = spawn("agentnet", ["hook", "pi", ...WORDS], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Told elsewhere: `watch` does not start either.
  child.on("error", () => child.stdin.destroy());
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end('{"hook_event_name":"input","session_id":"pi"}');
}
