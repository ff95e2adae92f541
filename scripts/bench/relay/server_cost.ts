import { cpuSeconds } from "../../../tests/fakes/process_figures.ts";

/** What a server, and its network, did meanwhile. */
export interface ServerCost {
  readonly cpuSeconds: number;
  /** Packets with data that the host's TCP sent: on loopback one for each write up to 64 KB, of all programs there are. */
  readonly packets: number;
}

/** Begins to measure; the call that is returned ends it. */
export function measureCost(pid: number): () => ServerCost {
  const cpu = cpuSeconds(pid);
  const packets = packetsSent();
  return () => ({
    cpuSeconds: cpuSeconds(pid) - cpu,
    packets: packetsSent() - packets,
  });
}

/** Deno lets only a program with every permission read /proc, so a shell does. */
function packetsSent(): number {
  const { stdout } = new Deno.Command("grep", {
    args: ["^TcpExt:", "/proc/net/netstat"],
  }).outputSync();
  const [names = [], values = []] = new TextDecoder().decode(stdout)
    .split("\n").map((line) => line.split(" "));
  return Number(values[names.indexOf("TCPOrigDataSent")]);
}
