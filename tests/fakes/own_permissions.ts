import type { OwnPermissions } from "../../daemon/permissions/own_permissions.ts";

/** Rights of a thread that were granted whole, by name, or as a list; remembers what was given away, in order. */
export class FakePermissions implements OwnPermissions {
  readonly whole: Set<string>;
  /** "name what" of each entry of the lists. */
  readonly lists: Set<string>;

  constructor(granted: readonly string[]) {
    this.whole = new Set(granted.filter((one) => !one.includes(" ")));
    this.lists = new Set(granted.filter((one) => one.includes(" ")));
  }

  query(asked: Deno.PermissionDescriptor): Promise<Deno.PermissionStatus> {
    const isWhole = this.whole.has(asked.name);
    return status(isWhole || this.lists.has(entryOf(asked)));
  }

  /** A list that holds "/", or a host with all its ports, covers what is in it. */
  request(asked: Deno.PermissionDescriptor): Promise<Deno.PermissionStatus> {
    const entry = entryOf(asked);
    const covers = [`${asked.name} /`, entry.replace(/:\d+$/, ""), entry];
    const isCovered = covers.some((one) => this.lists.has(one));
    if (isCovered) this.lists.add(entry);
    return status(isCovered || this.whole.has(asked.name));
  }

  revoke(asked: Deno.PermissionDescriptor): Promise<Deno.PermissionStatus> {
    const entry = entryOf(asked);
    if (entry !== asked.name) this.lists.delete(entry);
    else {
      this.whole.delete(asked.name);
      for (const one of this.lists) {
        if (one.startsWith(`${asked.name} `)) this.lists.delete(one);
      }
    }
    return status(false);
  }
}

function entryOf(asked: Deno.PermissionDescriptor): string {
  const what = "path" in asked ? asked.path : "host" in asked ? asked.host : "";
  return what === undefined || what === ""
    ? asked.name
    : `${asked.name} ${what}`;
}

function status(isGranted: boolean): Promise<Deno.PermissionStatus> {
  const state = isGranted ? "granted" : "prompt";
  return Promise.resolve({ state } as Deno.PermissionStatus);
}
