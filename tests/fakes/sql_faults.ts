import type {
  OpenSql,
  Sql,
  Statement,
  TransactionSql,
} from "../../lib/sql/sql.ts";
import { openSqlite } from "../../relay/store/open_sqlite.ts";

/** A real database that notes what it is told, and fails where a test wants it to. */
export class SqlFaults {
  /** What was executed, in order: the text of each statement as it ran. */
  readonly executed: string[] = [];
  /** Thrown in place of running a statement for which it returns an error. */
  fail: (sql: string) => Error | undefined = () => undefined;
  /** Databases ever opened. */
  opened = 0;
  #sql: Sql | undefined;

  readonly open: OpenSql<TransactionSql> = (path) => {
    this.#note("open");
    this.opened += 1;
    const real = openSqlite(path);
    this.#sql = real;
    const note = (sql: string) => this.#note(sql);
    return {
      get isTransaction() {
        return real.isTransaction;
      },
      exec: (sql) => {
        note(sql);
        real.exec(sql);
      },
      prepare: (sql) => noted(real.prepare(sql), () => note(sql)),
      close: () => real.close(),
    };
  };

  /** The database as it is now, for what the store itself does not do. */
  get sql(): Sql {
    if (!this.#sql) throw new Error("nothing was opened");
    return this.#sql;
  }

  #note(sql: string): void {
    const error = this.fail(sql);
    if (error) throw error;
    this.executed.push(sql);
  }
}

function noted(statement: Statement, note: () => void): Statement {
  return {
    get: (...values) => (note(), statement.get(...values)),
    all: (...values) => (note(), statement.all(...values)),
    iterate: (...values) => (note(), statement.iterate(...values)),
    run: (...values) => (note(), statement.run(...values)),
  };
}
