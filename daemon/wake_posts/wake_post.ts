import type { WakeTarget } from "../../lib/agent_settings/wake_target.ts";

/** A target as the session worker is told it: what its file holds, in place of the file. */
export interface WakePost extends Omit<WakeTarget, "token_file"> {
  /** OpenClaw's token, OpenCode's password: printable ASCII. */
  readonly token?: string;
}
