// Every figure beside its floor, taken in the same run.
//   deno task bench [name…] [--json] [a bench's own flags, each with its value]

import { type BenchRow, renderTable } from "./bench/table.ts";

/** The benches by name; each is loaded only when it runs. */
const BENCHES: Readonly<
  Record<string, (args: readonly string[]) => Promise<BenchRow[]>>
> = {
  pow: async () => await (await import("./bench/pow.ts")).benchPow(),
  protocol: async () =>
    await (await import("./bench/protocol.ts")).benchProtocol(),
  store: async () => await (await import("./bench/store.ts")).benchStore(),
  relay: async (args) => {
    const { benchRelay, relayBenchOptions } = await import("./bench/relay.ts");
    return await benchRelay(relayBenchOptions(args));
  },
  cluster: async () =>
    await (await import("./bench/cluster.ts")).benchCluster(),
  cli: async () => await (await import("./bench/cli.ts")).benchCli(),
  rooms: async () => await (await import("./bench/rooms.ts")).benchRooms(),
  sealed: async () => await (await import("./bench/sealed.ts")).benchSealed(),
  sealedMemory: async () =>
    await (await import("./bench/sealed_memory.ts")).benchSealedMemory(),
  emptyRooms: async () =>
    await (await import("./bench/empty_rooms.ts")).benchEmptyRooms(),
  waiting: async () =>
    await (await import("./bench/waiting.ts")).benchWaiting(),
  reading: async () =>
    await (await import("./bench/reading.ts")).benchReading(),
  waking: async () => await (await import("./bench/waking.ts")).benchWaking(),
  memory: async () => await (await import("./bench/memory.ts")).benchMemory(),
  watching: async () =>
    await (await import("./bench/watching.ts")).benchWatching(),
  newcomers: async () =>
    await (await import("./bench/newcomers.ts")).benchNewcomers(),
  start: async () => await (await import("./bench/start.ts")).benchStart(),
};

/** Flags that a value follows. */
const VALUED: readonly string[] = ["--against", "--members", "--rounds"];

async function bench(args: readonly string[]): Promise<void> {
  const json = args.includes("--json");
  const asked = args.filter((arg, i) =>
    arg !== "--json" && !VALUED.includes(arg) &&
    !VALUED.includes(args[i - 1] ?? "")
  );
  if (VALUED.includes(args.at(-1) ?? "")) {
    throw new Error(`${args.at(-1)} wants a value`);
  }
  const unknown = asked.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    const names = Object.keys(BENCHES).join(", ");
    throw new Error(`no bench '${unknown}'; there are ${names}`);
  }
  const rows: BenchRow[] = [];
  for (const [name, run] of Object.entries(BENCHES)) {
    if (asked.length === 0 || asked.includes(name)) {
      rows.push(...await run(args));
    }
  }
  console.log(json ? JSON.stringify(rows) : renderTable(rows));
}

await bench(Deno.args);
