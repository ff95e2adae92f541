const RELAY = "wss://relay.example.org/v1/ws";

/** Arguments, environment, and the flag that grants just the network that the command needs (scripts/rights.sh). */
export type NetCase = readonly [string[], Record<string, string>, string];

const loopback = "--allow-net=127.0.0.1,localhost,[::1]";
const host = "relay.example.org:443";

/** What launcher and portable file have to agree on. */
export const NET_CASES: readonly NetCase[] = [
  [["status"], { AGENTNET_RELAY: RELAY }, loopback],
  [["send", "tea", "daemon"], {}, loopback],
  [[], {}, loopback],
  [["relay"], {}, "--allow-net"],
  [
    ["daemon"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=${host},127.0.0.1:9900,127.0.0.1:0`,
  ],
  [
    ["daemon", "--relay", "ws://[2001:db8::1]:81"],
    { AGENTNET_RELAY: RELAY, AGENTNET_API: "localhost:7" },
    "--allow-net=[2001:db8::1]:81,127.0.0.1:7,127.0.0.1:0",
  ],
  [
    ["daemon", "--relay=ws://10.0.0.7/x", "--api=[::1]:0"],
    {},
    "--allow-net=10.0.0.7:80,[::1]:0",
  ],
  // No second grant comes in through an address.
  [
    ["daemon", "--api", "127.0.0.1:1,evil.example:80"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=${host}`,
  ],
  // Left to the program, which reads such an address its own way.
  [["daemon", "--relay", "wss://a,b"], {}, "--allow-net"],
  [["daemon", "--relay", "WSS://Relay.Example"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://u:p@h/"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://127.1:80"], {}, "--allow-net"],
  // The runtime would end at such a flag; the program says what is wrong.
  [["daemon", "--relay", "ws://10.0.0.7:99999"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://a..b"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://[1:2:3]:4"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://[1::2::3]"], {}, "--allow-net"],
  [
    ["daemon", "--api", "127.0.0.1:99999"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=${host},127.0.0.1:0`,
  ],
  [
    ["daemon", "--api", "127.0.0.1:09900"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=${host},127.0.0.1:9900,127.0.0.1:0`,
  ],
  [["daemon"], {}, "--allow-net"],
];
