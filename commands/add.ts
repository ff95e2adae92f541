import { memberCommand } from "./members/member_command.ts";

export const command = memberCommand("add", {
  brief: "Add an agent to a private room",
  help:
    "Gives the room a new key, sealed to this agent too, and prints what it joins by. Only an admin can.",
});
