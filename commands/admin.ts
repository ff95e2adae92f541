import { memberCommand } from "./members/member_command.ts";

export const command = memberCommand("admin", {
  brief: "Make a member an admin of a private room",
  help:
    "An admin adds, removes and invites. The maker of the room has the highest rank, then admins in their order. Only an " +
    "admin can.",
});
