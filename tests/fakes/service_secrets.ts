// Made-up secrets in the formats of further services, protocols and configuration files. Written from what those
// print and document; it shares nothing with the rules' tables.

import type { Draw } from "./secret_corpus.ts";

const DIGIT = "0123456789";
const HEX = DIGIT + "abcdef";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const ALNUM = LOWER + UPPER + DIGIT;
const BASE64 = ALNUM + "+/";
const BASE32 = UPPER + "234567";
const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const SYMBOLS = ALNUM + "!#%&()*+,-.:;<=>?@[]^_{|}~";

const base64 = (text: string) => btoa(text);
const chosen = (d: Draw) =>
  `${d.pick(["Winter", "Tiger", "Banana", "Harbor"])}${
    d.pick(["!", "#", "_"])
  }${d.of(DIGIT, 4)}`;
const lines = (d: Draw, count: number) =>
  Array.from({ length: count }, () => d.of(HEX, 32)).join("\n");

/** A kind's name, and one of it as people paste it. */
// deno-fmt-ignore: one row a kind reads as a table
export const OF_SERVICES: Readonly<Record<string, (d: Draw) => string>> = {
  "AWS session token": (d) => `aws_session_token = IQoJb3JpZ2luX2Vj${d.of(BASE64, 300)}`,
  "Azure DevOps token": (d) => `git clone https://${d.of(ALNUM, 76)}AZDO${d.of(ALNUM, 4)}@dev.azure.com/acme/app`,
  "Scaleway key": (d) => `export SCW_SECRET_KEY=${d.uuid()}`,
  "Datadog key": (d) => `DD_API_KEY=${d.of(HEX, 32)}`,
  "PagerDuty header": (d) => `Authorization: Token token=u+${d.of(ALNUM, 18)}`,
  "Okta token": (d) => `curl -H "Authorization: SSWS 00${d.of(ALNUM, 40)}" https://acme.okta.com`,
  "OpenVPN static key": (d) => `-----BEGIN OpenVPN Static key V1-----\n${lines(d, 16)}\n-----END OpenVPN Static key V1-----`,
  "ZeroTier identity": (d) => `${d.of(HEX, 10)}:0:${d.of(HEX, 128)}:${d.of(HEX, 128)}`,
  "minisign key": (d) => `untrusted comment: minisign encrypted secret key\nRWRTY0Iy${d.of(BASE64, 204)}`,
  "signify key": (d) => `untrusted comment: signify secret key\nRWRCSwAAAA${d.of(BASE64, 130)}`,
  "TSIG key": (d) => `key "ddns" { algorithm hmac-sha256; secret "${d.of(BASE64, 43)}="; };`,
  "RADIUS client": (d) => `client gw {\n  ipaddr = 10.0.0.1\n  secret = ${chosen(d)}${d.of(ALNUM, 4)}\n}`,
  "SNMP community": (d) => `snmp-server community ${d.of(ALNUM, 12)} RW`,
  "Cisco type 7": (d) => `username admin privilege 15 password 7 0${d.of(DIGIT, 1)}${d.of(DIGIT + "ABCDEF", 18)}`,
  "Cisco type 5": (d) => `enable secret 5 $1$${d.of(ALNUM, 4)}$${d.of(ALNUM, 22)}`,
  "Junos secret": (d) => `set system radius-server 10.0.0.1 secret "$9$${d.of(ALNUM, 24)}"`,
  "Postfix relay login": (d) => `[smtp.example.net]:587 ada@example.net:${chosen(d)}`,
  "Dovecot password file": (d) => `ada:{PLAIN}${chosen(d)}:1000:1000::/home/ada`,
  "LDAP password": (d) => `dn: uid=ada,dc=example,dc=net\nuserPassword: {SSHA}${d.of(BASE64, 37)}=`,
  "LDAP password in base64": (d) => `dn: uid=ada,dc=example,dc=net\nuserPassword:: ${base64(`{SSHA}${d.of(BASE64, 37)}=`)}`,
  "Erlang cookie": (d) => `erl -name a@b -setcookie ${d.of(UPPER, 20)}`,
  "Rails key": (d) => `RAILS_MASTER_KEY=${d.of(HEX, 32)} bin/rails server`,
  "Laravel key": (d) => `APP_KEY=base64:${d.of(BASE64, 43)}=`,
  "WordPress salt": (d) => `define('AUTH_KEY',         '${d.of(SYMBOLS, 64)}');`,
  "Jenkins secret": (d) => `<password>{AQAAABAAAAAQ${d.of(BASE64, 42)}=}</password>`,
  "Jenkins token": (d) => `curl -u ada:11${d.of(HEX, 32)} https://ci.example.net/job/app/build`,
  "Telegram proxy": (d) => `https://t.me/proxy?server=1.2.3.4&port=443&secret=dd${d.of(HEX, 32)}`,
  "Shadowsocks address": (d) => `ss://${base64(`aes-256-gcm:${d.of(ALNUM, 16)}`)}@1.2.3.4:8388#home`,
  "Trojan address": (d) => `trojan://${d.of(ALNUM, 20)}@proxy.example.net:443?sni=example.net`,
  "VMess address": (d) => `vmess://${base64(JSON.stringify({ add: "1.2.3.4", port: 443, id: d.uuid(), net: "ws" }))}`,
  "Ethereum key": (d) => `ETH private key: 0x${d.of(HEX, 64)}`,
  "Stellar seed": (d) => `stellar seed S${d.of(BASE32, 55)}`,
  "Tezos key": (d) => `unencrypted:edsk${d.of(BASE58, 50)}`,
  "IFTTT hook": (d) => `curl -X POST https://maker.ifttt.com/trigger/door/with/key/${d.of(ALNUM + "-_", 22)}`,
  "Zapier hook": (d) => `https://hooks.zapier.com/hooks/catch/${d.of(DIGIT, 7)}/${d.of(LOWER + DIGIT, 7)}/`,
  "Google Chat webhook": (d) => `https://chat.googleapis.com/v1/spaces/${d.of(ALNUM, 11)}/messages?key=AIzaSy${d.of(ALNUM, 33)}&token=${d.of(ALNUM + "-_", 43)}`,
  "Mattermost hook": (d) => `https://chat.example.net/hooks/${d.of(LOWER + DIGIT, 26)}`,
  "DingTalk hook": (d) => `https://oapi.dingtalk.com/robot/send?access_token=${d.of(HEX, 64)}`,
  "WeCom hook": (d) => `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${d.uuid()}`,
  "Feishu hook": (d) => `https://open.feishu.cn/open-apis/bot/v2/hook/${d.uuid()}`,
  "Google app password": (d) => `Google app password: ${[1, 2, 3, 4].map(() => d.of(LOWER, 4)).join(" ")}`,
  "Apple app password": (d) => `app-specific password: ${[1, 2, 3, 4].map(() => d.of(LOWER, 4)).join("-")}`,
  "Steam secret": (d) => `{"shared_secret":"${d.of(BASE64, 27)}=","account_name":"ada"}`,
  "Asana token": (d) => `asana: 2/${d.of(DIGIT, 16)}/${d.of(DIGIT, 16)}:${d.of(HEX, 32)}`,
  "Trello token": (d) => `https://api.trello.com/1/boards?key=${d.of(HEX, 32)}&token=ATTA${d.of(HEX, 72)}`,
  "HubSpot token": (d) => `pat-na1-${d.uuid()}`,
  "Neon key": (d) => `neonctl --api-key napi_${d.of(LOWER + DIGIT, 64)}`,
  "Render key": (d) => `rnd_${d.of(ALNUM, 28)}`,
  "Sourcegraph token": (d) => `sgp_${d.of(HEX, 16)}_${d.of(HEX, 40)}`,
  "SonarQube token": (d) => `sonar-scanner -Dsonar.login=squ_${d.of(HEX, 40)}`,
  "Prefect key": (d) => `prefect cloud login -k pnu_${d.of(ALNUM, 36)}`,
  "PostHog key": (d) => `phx_${d.of(ALNUM, 43)}`,
  "Cloudinary address": (d) => `CLOUDINARY_URL=cloudinary://${d.of(DIGIT, 15)}:${d.of(ALNUM + "-_", 27)}@acme`,
  "Mollie key": (d) => `mollie: live_${d.of(ALNUM, 30)}`,
  "Telnyx key": (d) => `telnyx KEY01${d.of(DIGIT + "ABCDEF", 30)}_${d.of(ALNUM, 22)}`,
  "Duffel token": (d) => `duffel_live_${d.of(ALNUM + "-_", 43)}`,
  "Grafana key": (d) => base64(`{"k":"${d.of(ALNUM, 32)}","n":"ci","id":1}`),
  "InfluxDB token": (d) => `influx config create -n x -t ${d.of(BASE64, 86)}== -o acme`,
  "Kubernetes secret": (d) => `kind: Secret\ndata:\n  password: ${base64(chosen(d) + d.of(ALNUM, 6))}`,
  "PPP secrets": (d) => `# client server secret IP\nada * "${chosen(d)}" *`,
  "IPsec secrets": (d) => `%any gw.example.net : PSK "${d.of(ALNUM, 24)}"`,
  "curl login": (d) => `curl --user ada:${chosen(d)} https://files.example.net/x`,
  "gpg passphrase": (d) => `gpg --batch --passphrase '${chosen(d)}' -d x.gpg`,
  "ssh-keygen passphrase": (d) => `ssh-keygen -t ed25519 -N '${chosen(d)}' -f id`,
  "PGPASSWORD": (d) => `PGPASSWORD=${chosen(d)} psql -h db app`,
  "rclone remote": (d) => `[box]\ntype = sftp\nuser = ada\npass = ${d.of(ALNUM + "-_", 30)}`,
  "S3 tool": (d) => `[default]\naccess_key = ${d.of(ALNUM, 20)}\nsecret_key = ${d.of(BASE64, 40)}`,
  "Android signing": (d) => `storePassword=${chosen(d)}\nkeyAlias=upload`,
  "Ansible become": (d) => `web1 ansible_user=ada ansible_become_pass=${chosen(d)}`,
  "systemd environment": (d) => `Environment="DB_PASS=${chosen(d)}"`,
};
