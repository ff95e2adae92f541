import { cpuSeconds } from "../../../tests/fakes/process_figures.ts";

/** What a server, and its network, did meanwhile. */
export interface ServerCost {
  readonly cpuSeconds: number;
  /** Of the thread that did most: it bounds what more cores could bring. */
  readonly busiestSeconds: number;
  /** Packets with data that the host's TCP sent: on loopback one for each write up to 64 KB, of all programs there are. */
  readonly packets: number;
}

/** Begins to measure; the call that is returned ends it. */
export function measureCost(pid: number): () => ServerCost {
  const cpu = cpuSeconds(pid);
  const threads = threadSeconds(pid);
  const packets = packetsSent();
  return () => {
    const taken = [...threadSeconds(pid)].map(([thread, seconds]) =>
      seconds - (threads.get(thread) ?? 0)
    );
    return {
      cpuSeconds: cpuSeconds(pid) - cpu,
      busiestSeconds: Math.max(...taken),
      packets: packetsSent() - packets,
    };
  };
}

function packetsSent(): number {
  const [names = [], values = []] = words("grep ^TcpExt: /proc/net/netstat");
  return Number(values[names.indexOf("TCPOrigDataSent")]);
}

/** Processor time of each thread; one that ended meanwhile is left out. */
function threadSeconds(pid: number): ReadonlyMap<string, number> {
  const lines = words(`grep -H "" /proc/${pid}/task/*/schedstat 2>/dev/null`);
  return new Map(lines.map(([first = ""]) => {
    const [path = "", nanoseconds] = first.split(":");
    return [path, Number(nanoseconds) / 1e9];
  }));
}

/** Words by line. Deno lets only a program with every permission read /proc, so a shell does. */
function words(script: string): readonly (readonly string[])[] {
  const { stdout } = new Deno.Command("sh", { args: ["-c", script] })
    .outputSync();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.split(" "));
}
