import { isLoginPair, looksRandom } from "./entropy.ts";
import { isGivenPassword } from "./real_password.ts";
import type { SecretRule } from "./secret_rules.ts";

/**
 * Secrets that are known by where they stand: in files of logins, on command lines, in hashes of passwords. Every
 * quantifier is bounded, as in the table of vendors' keys.
 */
// deno-fmt-ignore: one row a rule reads as a table
export const PASTED_RULES: readonly SecretRule[] = [
  // Files of logins
  { kind: "login in a file", source: "ftp(1): .netrc", hints: ["login"], shape: /(?:machine\s{1,8}[\w.-]{1,100}|default)\s{1,8}login\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(\S{4,200})/, accept: isGivenPassword },
  { kind: "login in a file", source: "PostgreSQL: the password file", hints: [":"], shape: /(?:[\w-]{1,40}(?:\.[\w-]{1,40}){0,5}|\*):(?:[56]\d{3}|\*):(?:[A-Za-z][\w-]{0,60}|\*):(?:[A-Za-z][\w.-]{0,60}|\*):([^\s:*][^\s:]{3,200})(?!\S)/, accept: isGivenPassword },
  { kind: "login in a file", source: "npm: .npmrc", hints: ["_auth", "_password"], shape: /:?_(?:authToken|auth|password)\s{0,3}=\s{0,3}["']?([A-Za-z0-9+/=_.-]{8,400})/, accept: (value) => isLoginPair(value) || looksRandom(value) },
  { kind: "login in a file", source: "wpa_supplicant.conf, hostapd.conf", hints: ["psk", "passphrase"], shape: /(?:psk|wpa_passphrase|sae_password)\s{0,3}=\s{0,3}(?:"([^"\n]{8,63})"|[a-f0-9]{64}|[^\s"']{8,63}(?=\s{0,3}\n|$))/, context: /ssid|network|wpa/ },
  { kind: "login in a file", source: "strongSwan: ipsec.secrets", hints: ["PSK", "XAUTH", "EAP"], shape: /(?:PSK|XAUTH|EAP)\s{1,4}"([^"\n]{4,100})"/, accept: isGivenPassword },
  { kind: "login in a file", source: "Wi-Fi Alliance: WPA3, the code for sharing a network", hints: ["WIFI:"], shape: /WIFI:(?:[STHRI]:[^;\n]{0,80};){0,5}P:([^;\n]{4,80});/, accept: isGivenPassword },
  { kind: "login in a file", source: "Cisco IOS: passwords in a configuration", hints: ["password", "secret"], context: /(?:username|enable|privilege|line vty|line con)/, shape: /(?:password|secret)\s{1,3}[0456789]\s{1,3}(\S{8,120})/, accept: (value) => /\d/.test(value) },
  { kind: "WireGuard key", source: "wg(8): configuration files", hints: ["PrivateKey", "PresharedKey"], shape: /(?:PrivateKey|PresharedKey)\s{0,3}=\s{0,3}([A-Za-z0-9+/]{43}=)/ },
  { kind: "OpenVPN key", source: "openvpn(8): static keys", begins: true, hints: ["OpenVPN Static"], shape: /-----BEGIN OpenVPN Static key V1-----(?:\\[nr]|[\s"'`+>|#*]){0,60}[a-f0-9]{16}/ },
  // Hashes of passwords: what is hashed is soon found
  { kind: "password hash", source: "crypt(5), htpasswd(1)", hints: ["$1$", "$5$", "$6$", "$apr1$"], shape: /\$(?:1|5|6|apr1)\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}/ },
  { kind: "password hash", source: "crypt(5): yescrypt, scrypt", hints: ["$y$", "$gy$", "$7$"], shape: /\$(?:y|gy|7)\$[./A-Za-z0-9]{2,12}\$[./A-Za-z0-9]{0,86}\$[./A-Za-z0-9]{43}/ },
  { kind: "password hash", source: "crypt(5): bcrypt", hints: ["$2"], shape: /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/ },
  { kind: "password hash", source: "PHC string format: Argon2, scrypt, PBKDF2", hints: ["$argon2", "$scrypt", "$pbkdf2"], shape: /\$(?:argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,10})\$(?:v=\d{1,3}\$)?[a-z0-9=,]{1,60}\$[A-Za-z0-9+/.=]{8,120}\$[A-Za-z0-9+/.=]{16,180}/ },
  { kind: "password hash", source: "Django: how passwords are stored", hints: ["pbkdf2_sha", "bcrypt_sha256", "scrypt$"], shape: /(?:pbkdf2_sha\d{1,3}\$\d{1,8}|scrypt\$\d{1,8})\$[A-Za-z0-9]{6,40}\$[A-Za-z0-9+/=$]{24,140}/ },
  { kind: "password hash", source: "RFC 2307, phpass", hints: ["SHA}", "MD5}", "$P$", "$H$"], shape: /(?:\{S?(?:SHA(?:256|384|512)?|MD5)\}[A-Za-z0-9+/]{22,120}={0,2}|\$[PH]\$[./A-Za-z0-9]{31})/ },
  { kind: "password hash", source: "Samba, Windows: LM and NT hashes", hints: [":::"], shape: /[\w.$@-]{1,60}:\d{3,6}:[a-fA-F0-9]{32}:[a-fA-F0-9]{32}:::/ },
  // Command lines
  { kind: "password on a command line", source: "mysql(1)", hints: ["-p"], shape: /(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump)\s[^\n|;&]{0,160}?-p["']?([^\s'"]{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "sshpass(1)", hints: ["sshpass"], shape: /sshpass\s{1,4}-p\s{0,4}["']?([^\s'"]{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "redis-cli, mongosh, docker login, sqlcmd, ldapsearch, mosquitto: --help of each", hints: [" -a ", " -p ", " -P ", " -w ", "--pass", "--pw"], shape: /(?:redis-cli|mongo(?:sh|dump|restore|export|import)?|(?:docker|podman|helm registry|az|oc|nerdctl) login|sqlcmd|bcp|ldap(?:search|modify|add|passwd|whoami)|mosquitto_(?:pub|sub)|cqlsh|influx|clickhouse-client|ipmitool|vncviewer|zip|unzip|7z)\s[^\n|;&]{0,160}?(?:-[apPw]|--pass(?:word)?|--pw)[ =]["']?([^\s'"]{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "smbclient(1)", hints: ["%"], shape: /(?:smbclient|smbget|rpcclient|mount\.cifs|net|wmic|winexe)\s[^\n|;&]{0,160}?(?:-U|--user)[ =]?["']?[\w.\\/@-]{1,60}%([^\s"']{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "Windows: net use, cmdkey; FreeRDP", hints: ["/user:", "/pass:", "/p:"], shape: /(?:net\s{1,3}use\s[^\n]{0,120}?\/user:\S{1,80}\s{1,3}|cmdkey\s[^\n]{0,120}?\/pass:|(?:xfreerdp|wfreerdp|mstsc)\s[^\n]{0,120}?\/p:)["']?([^\s"'/][^\s"']{3,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "openssl(1): pass phrase options", hints: ["pass:"], shape: /-(?:pass|passin|passout|passphrase|k)\s{1,3}["']?pass:([^\s"']{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "htpasswd(1): -b", hints: ["htpasswd"], shape: /htpasswd\s{1,3}-[A-Za-z]{0,4}b[A-Za-z]{0,4}\s{1,3}\S{1,100}\s{1,3}[\w.@-]{1,60}\s{1,3}["']?([^\s"']{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "sudo(8), chpasswd(8): from standard input", hints: ["sudo", "chpasswd"], shape: /(?:echo|printf)\s{1,3}(?:-n\s{1,3})?["']?(?:[\w.-]{1,40}:)?([^\s"'|]{4,100})["']?\s{0,3}\|\s{0,3}(?:sudo\s{1,3}-S|(?:sudo\s{1,3})?chpasswd)/, accept: isGivenPassword },
  { kind: "password on a command line", source: "lftp(1)", hints: ["lftp"], shape: /lftp\s[^\n]{0,100}?-u\s{1,3}["']?[\w.@-]{1,60},([^\s"']{4,100})/, accept: isGivenPassword },
  { kind: "password on a command line", source: "PowerShell: ConvertTo-SecureString", hints: ["SecureString"], shape: /ConvertTo-SecureString\s{1,3}(?:-String\s{1,3})?["']([^"'\n]{4,100})["']/, accept: isGivenPassword },
  // Code and addresses
  { kind: "password in code", source: "PHP: PDO, mysqli", begins: true, hints: ["PDO(", "mysqli"], shape: /(?:new\s{1,4}PDO\(\s{0,10}["'][^"'\n]{5,200}["']|(?:new\s{1,4}mysqli|mysqli_connect)\(\s{0,10}["'][^"'\n]{1,100}["'])\s{0,4},\s{0,10}["'][^"'\n]{0,80}["']\s{0,4},\s{0,10}["']([^"'\n]{4,100})["']/, accept: isGivenPassword },
  { kind: "password in code", source: "SQL: CREATE USER, ALTER ROLE", hints: ["IDENTIFIED", "identified", "PASSWORD", "password"], shape: /(?:IDENTIFIED\s{1,3}(?:WITH\s{1,3}\S{1,40}\s{1,3})?(?:BY|AS)|(?:ROLE|USER|LOGIN)\s[^\n;]{1,100}?PASSWORD(?:\s{0,3}=)?)\s{1,3}["']([^"'\n]{4,100})["']/i, accept: isGivenPassword },
  { kind: "address with a password", source: "Go: go-sql-driver/mysql, DSN", begins: true, hints: ["@tcp(", "@unix("], shape: /[\w.-]{1,40}:([^\s:@/"']{4,100})@(?:tcp|unix)\(/, accept: isGivenPassword },
  { kind: "address with a password", source: "Oracle: JDBC thin, easy connect", hints: ["jdbc:oracle", "sqlplus"], shape: /(?:jdbc:oracle:(?:thin|oci8?):|sqlplus\s{1,3}(?:-\w\s{1,3}){0,3})[\w.-]{1,40}\/["']?([^\s@"'/]{4,100})["']?@/, accept: isGivenPassword },
  { kind: "Django secret key", source: "Django: startproject", hints: ["django-insecure-"], shape: /django-insecure-[^\s"']{24,80}/ },
  { kind: "one-time password seed", source: "Google Authenticator: key URI format", hints: ["otpauth"], shape: /otpauth:\/\/[^\s"']{1,200}?[?&]secret=([A-Za-z2-7]{16,128})/ },
  // Sessions and tokens
  { kind: "session cookie", source: "RFC 6265", hints: ["ookie"], shape: /[Cc]ookie["']?\s{0,3}[:=]\s{0,4}["']?([^\n"']{8,600})/, accept: holdsSession },
  { kind: "session cookie", source: "PHP, Java, ASP.NET, Express, Django: names of their session cookies", hints: ["SESSID", "SESSIONID", "SessionId", "connect.sid", "sessionid"], shape: /(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|connect\.sid|sessionid)["']?\s?[=:]\s?["']?([\w.%+/=-]{16,400})/, accept: looksRandom },
  { kind: "session key", source: "Bitwarden, 1Password: command line sessions", hints: ["_SESSION", "--session"], shape: /(?:BW_SESSION|OP_SESSION_\w{1,40}|--session)["']?\s{0,2}[= ]\s{0,2}["']?([A-Za-z0-9+/_-]{40,120}={0,2})/, accept: looksRandom },
  { kind: "Kubernetes bootstrap token", source: "Kubernetes: bootstrap tokens", hints: ["."], context: /kubeadm|bootstrap|kube/i, shape: /(?<![\w.])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.])/, accept: (value) => /\d/.test(value) && /[a-z]/.test(value.slice(7)) },
  { kind: "Kubernetes token", source: "OpenShift: OAuth tokens; Rancher: API keys", hints: ["sha256~", "kubeconfig-", "token-"], shape: /(?:sha256~[\w-]{43}|(?:kubeconfig-[\w.-]{1,60}|token-[a-z0-9]{5}):[a-z0-9]{54})/ },
  { kind: "Twilio key", source: "Twilio: account SID and auth token", hints: ["AC"], shape: /AC[a-f0-9]{32}["']?[:,\s/]{1,6}["']?[a-f0-9]{32}/ },
  { kind: "Firebase server key", source: "Firebase: legacy cloud messaging", hints: [":APA91"], shape: /AAAA[\w-]{7}:APA91[\w-]{100,200}/ },
  { kind: "Matrix token", source: "Matrix, Synapse: access tokens", hints: ["syt_", "mct_", "mat_"], shape: /(?:syt_[\w-]{2,100}_[A-Za-z]{20}_[A-Za-z0-9]{6}|m[ca]t_[A-Za-z0-9]{30}_[A-Za-z0-9]{6})/ },
  // Keys by their bytes
  { kind: "private key", source: "RFC 8410, RFC 5915, RFC 8017 in hexadecimal: the first bytes of the key", begins: true, hints: ["302e0201", "302E0201", "30770201", "30740201", "30820", "3081"], shape: /(?:302e020100300506032b65(?:6e|6f|70|71)04220420|307[47]02010104 ?20|3082[0-9a-f]{4}0201000282[0-9a-f]{4}|308(?:1[0-9a-f]{2}|2[0-9a-f]{4})020100300(?:d06092a864886f70d0101010500|[0-9a-f]0?[0-9a-f]?06072a8648ce3d0201))[0-9a-f]{24}/i },
  { kind: "wallet key", source: "Solana: key files, 64 bytes as numbers", hints: ["["], shape: /\[\s{0,6}((?:\d{1,3}\s{0,6},\s{0,6}){63}\d{1,3})\s{0,6}\]/, accept: isSixtyFourBytes },
];

/** Names of cookies that let in. */
const SESSION_NAME = /sess|sid$|auth|token|jwt|remember|login|csrf|identity/i;

/** True for a list of cookies of which one is a session's. */
function holdsSession(cookies: string): boolean {
  return cookies.split(";").some((cookie) => {
    const sign = cookie.indexOf("=");
    if (sign < 0 || cookie.length - sign < 9) return false;
    const name = cookie.slice(0, sign);
    const value = decoded(cookie.slice(sign + 1).trim());
    return looksRandom(value) ||
      SESSION_NAME.test(name.trim()) && value.length >= 8 &&
        /\d/.test(value) && isGivenPassword(value);
  });
}

function decoded(value: string): string {
  return value.replace(/%[0-9A-Fa-f]{2}/g, "");
}

/** True for numbers as of random bytes: none above 255, and few of them twice. */
function isSixtyFourBytes(list: string): boolean {
  const numbers = list.split(",").map(Number);
  return numbers.every((one) => one <= 255) && new Set(numbers).size > 32;
}
