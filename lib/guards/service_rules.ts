import { isKeyLikeBase64, isLoginPair, looksRandom } from "./entropy.ts";
import { isGivenPassword } from "./real_password.ts";
import type { SecretRule } from "./secret_rules.ts";

/** Further services, protocols and configuration files; and one shape for the tokens of vendors that nobody listed. */
// deno-fmt-ignore: one row a rule reads as a table
export const SERVICE_RULES: readonly SecretRule[] = [
  // Services
  { kind: "Azure DevOps token", source: "Azure DevOps: personal access tokens", hints: ["AZDO"], shape: /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/ },
  { kind: "HubSpot token", source: "HubSpot: private app tokens", hints: ["pat-"], shape: /pat-(?:na|eu|ap)\d-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}/ },
  { kind: "Asana token", source: "Asana: personal access tokens", hints: ["1/", "2/"], shape: /[12]\/\d{10,20}(?:\/\d{10,20})?:[a-f0-9]{32}/ },
  { kind: "Sourcegraph or SonarQube token", source: "Sourcegraph, SonarQube: access tokens", hints: ["sgp_", "squ_", "sqa_", "sqp_"], shape: /(?:sgp_(?:[a-f0-9]{16}_|local_)?[a-f0-9]{40}|sq[uap]_[a-f0-9]{40})/ },
  { kind: "Telnyx key", source: "Telnyx: API keys", hints: ["KEY0"], shape: /KEY0[\dA-F]{31,33}_[A-Za-z0-9]{20,30}/ },
  { kind: "Duffel token", source: "Duffel: access tokens", hints: ["duffel_"], shape: /duffel_(?:live|test)_[\w-]{30,60}/ },
  { kind: "Inngest key", source: "Inngest: signing keys", hints: ["signkey-"], shape: /signkey-(?:prod|test|branch)-[a-f0-9]{32,80}/ },
  { kind: "Grafana key", source: "Grafana: API keys of versions before 9", hints: ["eyJrIjoi"], shape: /eyJrIjoi[A-Za-z0-9+/=]{40,200}/ },
  { kind: "InfluxDB token", source: "InfluxDB: API tokens", hints: ["=="], context: /influx/i, shape: /(?<![A-Za-z0-9+/_.:-])[A-Za-z0-9+/_-]{86}==/, accept: isKeyLikeBase64 },
  { kind: "token with a vendor's prefix", source: "GitHub: behind GitHub's token formats, the form that vendors took over", hints: ["_"], shape: /(?<![\w.-])(?!(?:pk|pub|public|phc|cus|sub|user|org|id)_)[a-z]{2,12}_(?:(?:live|test|prod|dev|api|pat|key|at|sk)_)?([A-Za-z0-9]{26,80})(?![\w-])/, accept: isMixed },
  { kind: "app password", source: "Google, Apple: passwords for one app", hints: ["assword"], shape: /app(?:lication)?[- ]?(?:specific[- ])?passwords?["']?(?:\s{1,2}is)?\s?[:=]?\s{0,3}["']?((?:[a-z]{4}[- ]){3}[a-z]{4})(?![a-z])/i, accept: (value) => /[bcdfghjklmnpqrstvwxz]{3}/i.test(value) },
  // Hooks: whoever has the address may write there
  { kind: "webhook", source: "IFTTT, Zapier, Make: webhooks", hints: ["maker.ifttt.com", "hooks.zapier.com", ".make.com"], shape: /(?:maker\.ifttt\.com\/(?:trigger\/[\w-]{1,80}\/(?:json\/)?with\/key|use)\/[\w-]{16,80}|hooks\.zapier\.com\/hooks\/(?:catch|standard)\/\d{4,12}\/[a-z0-9]{5,40}|hook\.(?:[a-z]{2}\d\.)?make\.com\/[a-z0-9]{20,60})/ },
  { kind: "webhook", source: "DingTalk, WeCom, Feishu, Lark: robots of groups", hints: ["oapi.dingtalk.com", "qyapi.weixin.qq.com", "/bot/v2/hook/"], shape: /(?:oapi\.dingtalk\.com\/robot\/send\?access_token=[a-f0-9]{40,80}|qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=[\w-]{20,60}|open\.(?:feishu\.cn|larksuite\.com)\/open-apis\/bot\/v2\/hook\/[\w-]{20,60})/ },
  { kind: "webhook", source: "Mattermost, Rocket.Chat: incoming webhooks", hints: ["/hooks/"], shape: /https?:\/\/[\w.:-]{3,100}\/hooks\/([a-z0-9]{26}|[A-Za-z0-9]{17,24}\/[A-Za-z0-9]{40,70})(?![\w-])/, accept: (value) => /\d/.test(value) },
  // Ways through a proxy
  { kind: "address with a password", source: "Shadowsocks: SIP002", hints: ["ss://"], shape: /(?<![A-Za-z])ss:\/\/([A-Za-z0-9+/_=-]{12,400})(?=[@#?\s]|$)/, accept: isLoginPair },
  { kind: "address with a password", source: "Trojan, Hysteria, TUIC: share links", begins: true, hints: ["trojan://", "hysteria", "hy2://", "tuic://"], shape: /(?:trojan(?:-go)?|hysteria2?|hy2|tuic):\/\/([^\s@/]{6,120})@/, accept: isGivenPassword },
  { kind: "address with a password", source: "V2Ray: share links of VMess and VLESS", begins: true, hints: ["vmess://", "vless://"], shape: /(?:vmess:\/\/ey[A-Za-z0-9+/=_-]{40,2000}|vless:\/\/[a-f0-9-]{36}@)/ },
  // Keys
  { kind: "private key", source: "minisign, OpenBSD signify: secret keys", begins: true, hints: ["RWRTY0Iy", "RWRCSw"], shape: /RWR(?:TY0Iy|CSw)[A-Za-z0-9+/]{60,300}/ },
  { kind: "private key", source: "ZeroTier: identity.secret", hints: [":0:"], shape: /[0-9a-f]{10}:0:[0-9a-f]{128}:[0-9a-f]{128}/ },
  { kind: "private key", source: "BIND: TSIG, rndc", hints: ["hmac-"], shape: /algorithm\s{1,4}"?hmac-[\w-]{1,20}"?;?\s{1,10}secret\s{1,4}"([A-Za-z0-9+/=]{16,100})"/ },
  { kind: "wallet key", source: "Stellar: SEP-23, secret seeds", hints: ["S"], context: /stellar|lumen|xlm|horizon|seed/i, shape: /(?<![A-Z2-7])S[A-Z2-7]{55}(?![A-Z2-7])/, accept: looksRandom },
  { kind: "wallet key", source: "Tezos: Ed25519 secret keys", hints: ["edsk"], shape: /edsk[1-9A-HJ-NP-Za-km-z]{50,94}/ },
  // Configuration files
  { kind: "password in a configuration", source: "SNMP: snmpd.conf(5), Cisco IOS", hints: ["community", "com2sec"], shape: /(?:snmp-server\s{1,4}community|r[ow]community6?|com2sec6?\s{1,4}\S{1,40}\s{1,4}\S{1,60})\s{1,4}(\S{4,64})/, accept: (value) => isGivenPassword(value) && !/^(?:public|private)$/i.test(value) },
  { kind: "password in a configuration", source: "FreeRADIUS: clients.conf", hints: ["secret"], context: /ipaddr|nas_?type|shortname|radius/i, shape: /(?<![\w-])secret\s{0,4}=\s{0,4}["']?([^\s"']{6,100})/, accept: isGivenPassword },
  { kind: "password in a configuration", source: "Postfix: sasl_passwd", hints: ["]:"], shape: /\[[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}\]:\d{1,5}\s{1,8}[\w.@+-]{1,80}:([^\s:]{4,100})(?!\S)/, accept: isGivenPassword },
  { kind: "password in a configuration", source: "Dovecot: password schemes", hints: ["{PLAIN}", "{CLEAR"], shape: /\{(?:PLAIN|CLEAR|CLEARTEXT)\}([^\s:]{4,100})/, accept: isGivenPassword },
  { kind: "password in a configuration", source: "pppd(8): chap-secrets, pap-secrets", hints: ["\""], context: /chap|pap|ppp|server\s{1,8}secret/i, shape: /[\w.@*"-]{1,60}\s{1,8}[\w.*"-]{1,60}\s{1,8}"([^"\n]{4,100})"\s{1,8}[\d.*]/, accept: isGivenPassword },
  { kind: "secret key in a configuration", source: "WordPress: wp-config.php", hints: ["_KEY'", "_SALT'", "_KEY\"", "_SALT\""], shape: /(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)["']\s{0,4},\s{0,20}["']([^'\n]{8})[^'\n]{24,92}["']/, accept: (value) => !/^put your/i.test(value) },
  { kind: "secret key in a configuration", source: "Erlang: distribution cookies", hints: ["cookie", "COOKIE"], shape: /(?:-setcookie\s{1,3}|(?:ERLANG|RELEASE|RABBITMQ_ERLANG)_COOKIE\s{0,2}[=:]\s{0,3})["']?([\w-]{8,255})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "ssh-keygen(1)", hints: ["ssh-keygen"], shape: /ssh-keygen\s[^\n]{0,160}?-[NP]\s{1,3}["']?([^\s"']{4,100})/, accept: isGivenPassword },
];

/** True for random words of capitals, small letters and digits: names and ids are of fewer kinds. */
function isMixed(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value) &&
    looksRandom(value);
}
