// A host of the official SDK, and the program's MCP server that it starts.

import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
// @ts-types="@modelcontextprotocol/sdk/client/index"
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Stage, StagedAgent } from "../../scripts/stage.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** How long words on standard error may take, on a machine with other work too; milliseconds. */
const SAID_MS = 60_000;

/** How long a server may take to end; milliseconds. */
const END_MS = 60_000;

/** What the SDK keeps of the server that it started. */
interface Started {
  readonly _process?: ChildProcess;
}

/** A host: one client, and the server that it started. */
export class Host implements AsyncDisposable {
  readonly client: Client;
  readonly transport: StdioClientTransport;
  stderr = "";

  private constructor(
    agent: StagedAgent,
    flags: readonly string[],
    env: Readonly<Record<string, string>>,
    name: string,
  ) {
    this.client = new Client({ name, version: "1" });
    this.transport = new StdioClientTransport({
      command: LAUNCHER,
      args: ["mcp", ...flags],
      env: { ...envOf(), AGENTNET_DATA_DIR: agent.dataDir, ...env },
      stderr: "pipe",
    });
    const text = new TextDecoder();
    this.transport.stderr?.on(
      "data",
      (bytes: Uint8Array) => this.stderr += text.decode(bytes),
    );
  }

  static async of(
    agent: StagedAgent,
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
    name = "host",
  ): Promise<Host> {
    const host = new Host(agent, flags, env, name);
    await host.client.connect(host.transport);
    return host;
  }

  async call(name: string, input: Record<string, unknown> = {}) {
    const result = await this.client.callTool({ name, arguments: input });
    const content = result.content as { type: string; text: string }[];
    assert.ok(content.every(({ type }) => type === "text"));
    return {
      text: content.map(({ text }) => text).join("\n"),
      isError: result.isError ?? false,
    };
  }

  /** A call that has to be done. */
  async done(name: string, input: Record<string, unknown> = {}) {
    const { text, isError } = await this.call(name, input);
    assert.equal(isError, false, `${name}: ${text}${this.stderr}`);
    return text;
  }

  /** Waits until what it said on standard error is so; that comes on another way than answers. */
  async said(pattern: RegExp): Promise<void> {
    const end = performance.now() + SAID_MS;
    while (!pattern.test(this.stderr)) {
      assert.ok(performance.now() < end, `it never said so: ${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Of the server's process. */
  get pid(): number {
    const { pid } = this.transport;
    assert.ok(pid, "the server runs");
    return pid;
  }

  /**
   * Ends the server's input and waits until it has gone; the SDK alone kills what takes longer than some seconds.
   *
   * @throws Error where it does not end by itself; then it is killed.
   */
  async close(): Promise<void> {
    const { _process: server } = this.transport as unknown as Started;
    try {
      if (server !== undefined && server.exitCode === null) await ended(server);
    } finally {
      await this.client.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function ended(server: ChildProcess): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const late = setTimeout(
    () => gone.reject(new Error("its input ended, and it did not")),
    END_MS,
  );
  server.once("close", () => gone.resolve());
  server.stdin?.end();
  await gone.promise.finally(() => clearTimeout(late));
}

function envOf(): Record<string, string> {
  const names = ["PATH", "HOME", "DENO_DIR"];
  const found = names.map((name) => [name, Deno.env.get(name)] as const);
  const set = found.filter((one): one is [string, string] => !!one[1]);
  return { ...Object.fromEntries(set), DENO: Deno.execPath(), NO_COLOR: "1" };
}

/** The lines inside the one fence of a text. */
export function inside(text: string): string[] {
  const lines = text.split("\n");
  const marker = /^⟦untrusted (\w{8}): /m.exec(text)?.[1];
  assert.ok(marker, text);
  const open = lines.findIndex((line) => line.startsWith("⟦untrusted"));
  const close = lines.indexOf(`⟦end ${marker}⟧`);
  assert.ok(close > open, text);
  return lines.slice(open + 1, close);
}

/** A relay, and two agents on it. */
export async function scene(stage: Stage) {
  const { url } = await stage.startRelay();
  const ada = stage.agent("ada");
  const bob = stage.agent("bob");
  await Promise.all([ada.online({ relay: url }), bob.online({ relay: url })]);
  return { url, ada, bob };
}
