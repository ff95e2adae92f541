import { memberCommand } from "./members/member_command.ts";

export const command = memberCommand("remove", {
  brief: "Remove an agent from a private room",
  help:
    "Gives the room a new key that this agent does not get: it reads nothing that is said from then on by who has heard " +
    "of it. What it has read it keeps. Open invitations end, since it may have one. Only an admin can, and none of higher " +
    "rank is removed.",
});
