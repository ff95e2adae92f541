import { foreignName } from "../guards/fence.ts";
import { makeVisible } from "../guards/visible.ts";

/** Characters of an agent id that are shown beside a name. */
const SHORT_KEY = 8;

/** An agent as `name·8NYU1dXe`; `·8NYU1dXe` where there is no name. */
export function agentText(id: string, name: string): string {
  const key = makeVisible(id.slice(0, SHORT_KEY));
  return name === "" ? `·${key}` : `${foreignName(name)}·${key}`;
}
