/**
 * Runs `examples/audit/athena.sql` in DuckDB, on files. Athena speaks Trino's SQL, and Hive's for tables; everything in
 * which DuckDB differs from both, as far as these statements need it, is in this file.
 */
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const file = new URL('../../examples/audit/athena.sql', import.meta.url);

/** Hive's types by DuckDB's names. */
const types: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  'array<string>': 'VARCHAR[]',
  'array<bigint>': 'BIGINT[]',
};

/** Trino's functions that DuckDB does not have. */
const macros = [
  // All times of the events are in UTC; without an extension DuckDB knows no zones.
  "CREATE MACRO from_iso8601_timestamp(text) AS CAST(rtrim(text, 'Z') AS TIMESTAMP)",
];

export interface Statements {
  /** Columns of the table, with Hive's types; the partition's key last. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  /** `s3://bucket/prefix/dt=${dt}/` */
  readonly template: string;
  /** The statements, by the question that each answers. */
  readonly questions: Readonly<Record<string, string>>;
}

export function readStatements(): Statements {
  const text = readFileSync(file, 'utf8');
  const sections = text.split(/^-- (?=table$|question \d)/m).slice(1);
  const [table = '', ...asked] = sections;
  const listed =
    /CREATE EXTERNAL TABLE codex_plan_events \(\n([\s\S]*?)\n\)/.exec(table)?.[1] ?? '';
  const partition = /PARTITIONED BY \((\w+) (\w+)\)/.exec(table) ?? [];
  const columns = listed.split(',\n').map((column) => column.trim().split(' ') as [string, string]);
  return {
    columns: [...columns, [partition[1] ?? '', partition[2] ?? '']],
    template: /'storage.location.template' = '([^']+)'/.exec(table)?.[1] ?? '',
    questions: Object.fromEntries(
      asked.map((section) => {
        const [title = '', ...sql] = section.split('\n');
        return [title.replace(/^question \d: /, ''), sql.join('\n').trim().replace(/;$/, '')];
      }),
    ),
  };
}

/**
 * @param folder holds `dt=…/*.ndjson`, as an export stores them below `events/`
 * @returns the rows of each answer, by its question
 */
export async function askAthena(folder: string): Promise<Record<string, unknown[][]>> {
  const { columns, questions } = readStatements();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const macro of macros) await connection.run(macro);
    const listed = columns.slice(0, -1).map(([name, type]) => `${name}: '${types[type]}'`);
    // Athena's table names its location; the key of a partition is a string there, and a date here if nobody says so.
    await connection.run(
      `CREATE VIEW codex_plan_events AS SELECT * FROM read_json('${folder}/*/*.ndjson',
        format = 'newline_delimited', columns = {${listed.join(', ')}, dt: 'VARCHAR'},
        hive_partitioning = true, hive_types = {dt: VARCHAR})`,
    );
    const answers: Record<string, unknown[][]> = {};
    for (const [what, sql] of Object.entries(questions)) {
      answers[what] = (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
    }
    return answers;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
