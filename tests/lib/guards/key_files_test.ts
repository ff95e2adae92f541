import { strictEqual } from "node:assert/strict";
import { secretFileName } from "../../../lib/guards/key_files.ts";

Deno.test("secretFileName: files that hold secrets by what they are for", () => {
  for (
    const name of [
      ...["agent.key", "room.keys", "api.token", "id_rsa", "id_ed25519"],
      ...["id_ed25519_sk", "ssh_host_rsa_key", ".env", ".env.local", ".ENV"],
      ...["prod.env", ".envrc", "credentials", "credentials.json", ".netrc"],
      ...["_netrc", ".pgpass", ".git-credentials", "kubeconfig", "key4.db"],
      ...["service-account-x.json", "client_secret_1.json", "cert.p12"],
      ...["me.pfx", "store.jks", "pass.kdbx", "putty.ppk", "wallet.dat"],
      ...["server.key", "private_key.pem", "secrets.yaml", "shadow"],
    ]
  ) strictEqual(typeof secretFileName(name), "string", name);
});

Deno.test("secretFileName: others pass, those that only look alike too", () => {
  for (
    const name of [
      ...["report.pdf", "id_rsa.pub", "id_ed25519.pub", ".env.example"],
      ...[".env.sample", ".env.template", "cert.pem", "keynote.pdf"],
      ...["environment.md", "credentials.md", "monkey.txt", "key.md"],
      ...["secrets.md", "wallet.md", "envoy.yaml", "shadow.png", ".npmrc"],
    ]
  ) strictEqual(secretFileName(name), null, name);
});
