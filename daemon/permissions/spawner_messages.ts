import type { WorkerPermissions } from "../../lib/sandbox.ts";

/** What the spawner is told; `id` names one life of a worker. */
export type ToSpawner =
  | {
    readonly type: "start";
    readonly id: number;
    readonly permissions: WorkerPermissions;
  }
  | { readonly type: "post"; readonly id: number; readonly message: unknown }
  | { readonly type: "terminate"; readonly id: number };

/** What the spawner passes on of a worker. */
export type FromSpawner =
  | { readonly type: "message"; readonly id: number; readonly message: unknown }
  | { readonly type: "error"; readonly id: number; readonly reason: string }
  | { readonly type: "message_error"; readonly id: number };
