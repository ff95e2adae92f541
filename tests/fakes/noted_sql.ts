import { type OpenSql, openSqlite } from "../../lib/sql/sql.ts";

/** A mailbox's database that notes with which `synchronous` each of its commits was made. */
export function notedSql(): { readonly open: OpenSql; commits: string[] } {
  const noted = { open, commits: [] as string[] };
  function open(path: string) {
    const sql = openSqlite(path);
    let synchronous = "";
    return {
      prepare: (text: string) => sql.prepare(text),
      close: () => sql.close(),
      exec: (text: string) => {
        synchronous = /synchronous = (\w+)/.exec(text)?.[1] ?? synchronous;
        if (text === "COMMIT") noted.commits.push(synchronous);
        sql.exec(text);
      },
    };
  }
  return noted;
}
