// Made-up secrets as files, commands and consoles hold them: the kinds that were once missed, and as many others.
// Written from the formats' own manuals; it shares nothing with the rules. Drawn from a seed, as secret_corpus.ts is.

import { SEED_WORDS } from "../../lib/guards/seed_words.ts";
import type { Draw } from "./secret_corpus.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGIT = "0123456789";
const HEX = DIGIT + "abcdef";
const ALNUM = LOWER + UPPER + DIGIT;
const BASE64 = ALNUM + "+/";
const URL64 = ALNUM + "-_";
const CRYPT = "./" + ALNUM;

/** As people choose them: a word with digits and signs. */
const chosen = (d: Draw) =>
  d.pick(["Winter", "tiger", "Kaffee", "blue", "Qwertz", "monkey"]) +
  d.pick(["", "!", "#", "_"]) + (10 + d.int(9990)) + d.pick(["", "!", "x?"]);
/** As a manager makes them. */
const drawn = (d: Draw) => d.of(ALNUM + "!#%*", 12 + d.int(10)) + d.int(10);
const password = (d: Draw) => d.pick([chosen, drawn])(d);
const user = (d: Draw) => d.pick(["app", "admin2", "deploy", "maria", "svc-x"]);
const host = (d: Draw) =>
  `${d.pick(["db", "mail", "git", "vpn"])}${d.int(9)}.${
    d.pick(["corp.net", "intra.acme.io", "prod.internal"])
  }`;
const seedWords = SEED_WORDS.trim().split(/\s+/);
const phrase = (d: Draw, n: number) =>
  Array.from({ length: n }, () => d.pick(seedWords)).join(" ");
const bytes = (d: Draw, n: number) =>
  Array.from({ length: n }, () => d.int(256)).join(d.pick([",", ", "]));

type Kinds = Readonly<Record<string, (d: Draw) => string>>;

/** Kinds that went out unheld once. */
export const ONCE_MISSED: Kinds = {
  "netrc": (d) =>
    `machine ${host(d)}\n  login ${user(d)}\n  password ${password(d)}`,
  "pgpass": (d) => `${host(d)}:5432:orders:${user(d)}:${password(d)}`,
  "shadow": (d) =>
    `${user(d)}:$${d.pick(["6", "5"])}$${d.of(CRYPT, 12)}$${
      d.of(CRYPT, d.pick([43, 86]))
    }:19${d.of(DIGIT, 3)}:0:99999:7:::`,
  "shadow, yescrypt": (d) =>
    `root:$y$j9T$${d.of(CRYPT, 22)}$${d.of(CRYPT, 43)}:19800:0:99999:7:::`,
  "mysql -p": (d) =>
    `mysql -h ${host(d)} -u ${user(d)} -p${d.pick(["", "'"])}${password(d)}`
      .replace(/'(.*)$/, "'$1'") + " shop",
  "sshpass": (d) => `sshpass -p '${password(d)}' ssh ${user(d)}@${host(d)}`,
  "cookie": (d) =>
    `Cookie: lang=en; sessionid=${d.of(LOWER + DIGIT, 32)}; theme=dark`,
  "set-cookie": (d) =>
    `Set-Cookie: connect.sid=s%3A${d.of(URL64, 32)}.${
      d.of(ALNUM, 43)
    }; Path=/; HttpOnly`,
  "wireguard": (d) => `PresharedKey = ${d.of(BASE64, 43)}=`,
  "seed phrase": (d) => phrase(d, d.pick([12, 24])),
  "seed phrase, numbered": (d) =>
    phrase(d, 12).split(" ").map((word, i) => `${i + 1}. ${word}`).join("\n"),
  "solana": (d) => `[${bytes(d, 64)}]`,
  "bcrypt": (d) => `$2${d.pick(["b", "y", "a"])}$12$${d.of(CRYPT, 53)}`,
  "htpasswd": (d) => `${user(d)}:$apr1$${d.of(CRYPT, 8)}$${d.of(CRYPT, 22)}`,
  "npm _auth": (d) =>
    `//${host(d)}/npm/:_auth=${btoa(`${user(d)}:${password(d)}`)}`,
  "npm _authToken": (d) => `//${host(d)}/:_authToken=${d.uuid()}`,
  "kubeadm": (d) =>
    `kubeadm join 10.0.0.1:6443 --token ${d.of(LOWER + DIGIT, 6)}.${
      d.of(LOWER + DIGIT, 15) + d.int(10)
    }`,
  "kubeconfig": (d) =>
    `users:\n- name: admin\n  user:\n    token: ${
      d.pick([d.of(URL64, 43), d.of(LOWER + DIGIT, 54), d.of(HEX, 32)])
    }\n`,
  "twilio": (d) => `AC${d.of(HEX, 32)}:${d.of(HEX, 32)}`,
  "pdo": (d) =>
    `new PDO('mysql:host=${host(d)};dbname=shop', '${user(d)}', '${
      password(d)
    }');`,
  "bitwarden": (d) => `export BW_SESSION="${d.of(BASE64, 86)}=="`,
  "wpa": (d) =>
    `network={\n  ssid="home"\n  psk=${
      d.pick([`"${chosen(d)}  ok"`, `"${password(d)}"`, d.of(HEX, 64)])
    }\n}`,
  "ed25519 der": (d) => `302e020100300506032b657004220420${d.of(HEX, 64)}`,
  "password with a space": (d) =>
    `DB_PASSWORD="${d.pick(["p@ss", "My1", "b!ue"])} ${
      d.pick(["W0rd", "c4t", "H0use"])
    }!${d.int(99)}"`,
  "short password": (d) =>
    `password=${d.pick(["hunter", "tiger", "kitty", "moose"])}${d.int(99)}`,
  "weak password in an address": (d) =>
    `postgres://${user(d)}:${
      d.pick(["letmein", "dragon", "sunshine", "iloveyou", "qwerty"])
    }@${host(d)}/shop`,
};

/** As many kinds again. */
export const OTHERS: Kinds = {
  "django": (d) =>
    `SECRET_KEY = 'django-insecure-${
      d.of(LOWER + DIGIT + "!@#^&*(-_=+)", 50)
    }'`,
  "laravel": (d) => `APP_KEY=base64:${d.of(BASE64, 43)}=`,
  "rails": (d) => `RAILS_MASTER_KEY=${d.of(HEX, 32)}`,
  "firebase": (d) => `AAAA${d.of(URL64, 7)}:APA91b${d.of(URL64, 134)}`,
  "jenkins": (d) =>
    `curl -u ${user(d)}:11${d.of(HEX, 32)} https://${host(d)}/job/x/build`,
  "redis-cli": (d) => `redis-cli -h ${host(d)} -a ${password(d)} PING`,
  "smbclient": (d) =>
    `smbclient //${host(d)}/share -U ${user(d)}%${password(d)}`,
  "net use": (d) =>
    `net use Z: \\\\${host(d)}\\share /user:corp\\${user(d)} ${password(d)}`,
  "openssl": (d) => `openssl rsa -in k.pem -passin pass:${password(d)}`,
  "htpasswd -b": (d) => `htpasswd -bc .htpasswd ${user(d)} ${password(d)}`,
  "ado": (d) =>
    `Server=${host(d)};Database=shop;User Id=sa;Password=${password(d)};`,
  "oracle": (d) =>
    `jdbc:oracle:thin:${user(d)}/${password(d)}@//${host(d)}:1521/X`,
  "go dsn": (d) => `${user(d)}:${password(d)}@tcp(${host(d)}:3306)/shop`,
  "sql": (d) =>
    d.pick([
      `CREATE USER '${user(d)}'@'%' IDENTIFIED BY '${password(d)}';`,
      `ALTER ROLE ${user(d)} WITH LOGIN PASSWORD '${password(d)}';`,
    ]),
  "cisco": (d) =>
    `username ${user(d)} privilege 15 password 7 ${d.of(DIGIT + "ABCDEF", 20)}`,
  "ntlm": (d) =>
    `${user(d)}:1104:aad3b435b51404eeaad3b435b51404ee:${d.of(HEX, 32)}:::`,
  "ethereum": (d) => `private key: 0x${d.of(HEX, 64)}`,
  "otpauth": (d) =>
    `otpauth://totp/acme:${user(d)}?secret=${
      d.of(UPPER + "234567", 32)
    }&issuer=acme`,
  "wifi code": (d) => `WIFI:S:home;T:WPA;P:${password(d)};;`,
  "maven": (d) =>
    `<server><id>central</id><username>${user(d)}</username><password>${
      password(d)
    }</password></server>`,
  "nuget": (d) => `<add key="ClearTextPassword" value="${password(d)}" />`,
  "composer": (d) =>
    JSON.stringify({
      "http-basic": { [host(d)]: { username: user(d), password: password(d) } },
    }),
  "git credentials": (d) => `https://${user(d)}:${d.of(HEX, 40)}@${host(d)}`,
  "ipsec": (d) => `%any ${host(d)} : PSK "${password(d)}"`,
  "openvpn": (d) =>
    `-----BEGIN OpenVPN Static key V1-----\n${
      Array.from({ length: 16 }, () => d.of(HEX, 32)).join("\n")
    }\n-----END OpenVPN Static key V1-----`,
  "matrix": (d) =>
    `syt_${btoa(user(d)).replaceAll("=", "")}_${d.of(LOWER + UPPER, 20)}_${
      d.of(ALNUM, 6)
    }`,
  "sudo": (d) => `echo '${password(d)}' | sudo -S systemctl restart x`,
  "powershell": (d) =>
    `$p = ConvertTo-SecureString "${password(d)}" -AsPlainText -Force`,
  "openshift": (d) => `oc login --token=sha256~${d.of(URL64, 43)}`,
  "argon2": (d) =>
    `$argon2id$v=19$m=65536,t=3,p=4$${d.of(BASE64, 22)}$${d.of(BASE64, 43)}`,
};
