/** deno.lock, as far as it is read here. */
export interface LockFile {
  /** Asked-for versions, `npm:name@range`, and what they came to. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** By `name@version`. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
}

interface LockedPackage {
  /** `sha512-` and base64. */
  readonly integrity: string;
  /** `name`, or `name@version` where there are several versions of it. */
  readonly dependencies?: readonly string[];
}

/** What a bill of materials is made of. */
export interface SbomInput {
  readonly lock: LockFile;
  readonly version: string;
  /** Version of the Deno runtime in the file. */
  readonly deno: string;
  /** The package for npm, whose runtime is a package of its own beside it. */
  readonly npm: {
    readonly name: string;
    /** Version of the package `deno`. */
    readonly deno: string;
    /** Of the package's file, hex. */
    readonly sha512: string;
  };
  /** Names of the packages that the program imports; those that only build or test it are left out. */
  readonly imported: ReadonlySet<string>;
}

interface Component {
  readonly type: "application" | "library" | "platform";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly {
    readonly alg: string;
    readonly content: string;
  }[];
}

/** CycloneDX 1.6 of what is in the program's files; the same text for the same input, so without a date or serial number. */
export function sbom(input: SbomInput): Record<string, unknown> {
  const packages = reached(input);
  const self = `pkg:generic/agentnet@${input.version}`;
  const deno = runtime(input.deno);
  const npm = npmPackage(input);
  const libraries = asked(input).map(purlOf);
  const npmRuntime = npmDeno(input);
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": self,
        name: "agentnet",
        version: input.version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      ...[deno, npm, npmRuntime],
      ...packages.map((key) => component(input.lock, key)),
    ],
    dependencies: [
      {
        ref: self,
        dependsOn: [deno["bom-ref"], ...libraries],
      },
      {
        ref: npm["bom-ref"],
        dependsOn: [npmRuntime["bom-ref"], ...libraries],
      },
      ...packages.map((key) => ({
        ref: purlOf(key),
        dependsOn: dependenciesOf(input.lock, key).map(purlOf),
      })),
    ],
  };
}

function runtime(version: string): Component {
  const purl = `pkg:github/denoland/deno@v${version}`;
  return { type: "platform", "bom-ref": purl, name: "deno", version, purl };
}

/** The same program, as npm installs it. */
function npmPackage({ npm, version }: SbomInput): Component {
  const { name, sha512 } = npm;
  const purl = purlOf(`${name}@${version}`);
  return {
    ...{ type: "application", "bom-ref": purl, name, version, purl },
    hashes: [{ alg: "SHA-512", content: sha512 }],
  };
}

function npmDeno({ npm: { deno: version } }: SbomInput): Component {
  const purl = purlOf(`deno@${version}`);
  return { type: "platform", "bom-ref": purl, name: "deno", version, purl };
}

function component(lock: LockFile, key: string): Component {
  const { name, version } = split(key);
  const purl = purlOf(key);
  const [alg, base64] = (lock.npm[key] as LockedPackage).integrity.split("-");
  if (alg !== "sha512" || base64 === undefined) {
    throw new Error(`${key}: an integrity that is no sha512`);
  }
  const content = Uint8Array.fromBase64(base64).toHex();
  return {
    ...{ type: "library", "bom-ref": purl, name, version, purl },
    hashes: [{ alg: "SHA-512", content }],
  };
}

/** Packages that the program itself imports, as `name@version`. */
function asked({ lock, imported }: SbomInput): string[] {
  return Object.entries(lock.specifiers)
    .map(([specifier, version]) => {
      const { name } = split(specifier.replace(/^npm:/, ""));
      return { name, key: `${name}@${version}` };
    })
    .filter(({ name }) => imported.has(name))
    .map(({ key }) => key)
    .sort();
}

/** Those, and what they need in turn. */
function reached(input: SbomInput): string[] {
  const found = new Set<string>();
  const queue = asked(input);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (found.has(key)) continue;
    found.add(key);
    queue.push(...dependenciesOf(input.lock, key));
  }
  return [...found].sort();
}

function dependenciesOf(lock: LockFile, key: string): string[] {
  const locked = lock.npm[key];
  if (locked === undefined) throw new Error(`deno.lock does not hold ${key}`);
  return (locked.dependencies ?? []).map((named) => {
    if (named in lock.npm) return named;
    const full = Object.keys(lock.npm).find((one) => split(one).name === named);
    if (full === undefined) throw new Error(`deno.lock does not hold ${named}`);
    return full;
  }).sort();
}

/** `@scope/name@1.2.3_peer@4.5.6` is name and version; what stands after `_` are peers. */
function split(key: string): { name: string; version: string } {
  const at = key.indexOf("@", 1);
  if (at < 0) return { name: key, version: "" };
  const version = key.slice(at + 1).replace(/_.*$/, "");
  return { name: key.slice(0, at), version };
}

function purlOf(key: string): string {
  const { name, version } = split(key);
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
