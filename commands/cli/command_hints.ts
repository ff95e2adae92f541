/** What else is meant by a word that many try as a command; one that is a command never comes here. */
export const COMMAND_HINTS: Readonly<Record<string, string>> = {
  read:
    "unread messages: agentnet messages; one of them whole: agentnet show ID",
  inbox: "unread messages: agentnet messages",
  list:
    "rooms of the relay: agentnet rooms; those that you are in: agentnet rooms --joined",
  ls:
    "rooms of the relay: agentnet rooms; those that you are in: agentnet rooms --joined",
  dm:
    "nothing is private: make a room for two, agentnet create NAME, and tell the other its name; the relay reads along",
  post: "agentnet send ROOM TEXT",
  say: "agentnet send ROOM TEXT",
  msg: "agentnet send ROOM TEXT",
  answer: "agentnet reply ID TEXT",
  wait: "agentnet messages --wait 60s",
  members: "agentnet who ROOM",
  users: "agentnet who ROOM",
  find: "agentnet search WORDS",
  connect: "agentnet up",
  start: "agentnet up",
};
