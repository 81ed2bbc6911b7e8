/** The published JSON Schemas, held to the records by a validator that is not ours. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../src/core/audit/audit.ts';
import { jsonSchemas } from '../src/core/records/schemas.ts';
import { type AuditedLoop, auditedLoop, withdrawnLoop } from './support/loop/audited.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
interface Found {
  readonly where: string;
  readonly schema: string;
  readonly record: Json;
}

const folder = new URL('../schemas/', import.meta.url);
const ajv = new Ajv2020({ strict: true, strictTuples: false, allErrors: true });
addFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();
for (const name of readdirSync(folder)) {
  validators.set(name, ajv.compile(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
}
const problemsOf = (schema: string, record: Json) => {
  const validate = validators.get(schema);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  return validate(record) ? [] : validate.errors;
};

const found: Found[] = [];

/** Whatever a loop leaves: the files of its artifacts, the events of an audit, and the outputs of its runs. */
async function collect({ steps, stored }: AuditedLoop): Promise<void> {
  const artifacts = await stored();
  for (const { name, id, members } of artifacts) {
    for (const [file, content] of members) {
      const where = `${name} ${id} ${file}`;
      const text = String(content);
      if (file.endsWith('.json')) found.push({ where, schema: file, record: JSON.parse(text) });
      if (file !== 'journal.jsonl') continue;
      for (const line of text.trimEnd().split('\n')) {
        found.push({ where, schema: 'journal-entry.json', record: JSON.parse(line) });
      }
    }
  }
  const unknown = artifacts.map((one) => ({ ...one, stored: null }));
  for (const event of audit(unknown, 'not proven').events) {
    found.push({ where: `event ${event.seq}`, schema: 'event.json', record: event });
  }
  for (const { job, outputs } of steps) {
    const record = JSON.parse(outputs.result ?? '') as Json;
    found.push({ where: `run ${job.id}`, schema: 'result.json', record });
  }
}

beforeAll(async () => {
  for (const play of [auditedLoop, withdrawnLoop]) await collect(await play());
});

/** Every place of a record, by the keys that lead to it. */
function places(value: Json, path: readonly (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return [
    [...path],
    ...Object.entries(value).flatMap(([key, one]) =>
      places(one, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function at(record: Json, path: readonly (string | number)[]): Json {
  return path.reduce<Json>((value, key) => (value as Record<string, Json>)[key] as Json, record);
}

/** A copy, with one place changed. */
function changed(record: Json, path: readonly (string | number)[], change: (value: Json) => Json) {
  const copy = structuredClone(record);
  if (path.length === 0) return change(copy);
  const parent = at(copy, path.slice(0, -1)) as Record<string, Json>;
  const key = path.at(-1) as string;
  parent[key] = change(parent[key] as Json);
  return copy;
}

/** Keys that somebody else chooses: a record with any key has none that is unknown. */
const open = (schema: string, path: readonly (string | number)[]) =>
  (schema === 'policy.json' &&
    /^(?:sources|policy\.notify\.people|policy\.codex\.profiles)/.test(path.join('.'))) ||
  (schema === 'journal-entry.json' && path[0] === 'digests');
/** Keys that a run over several pull requests has besides, and no other. */
const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

describe('the schemas', () => {
  it('are those of the sources', () => {
    for (const [name, schema] of jsonSchemas()) {
      expect(JSON.parse(readFileSync(new URL(name, folder), 'utf8')), name).toEqual(schema);
    }
    expect([...validators.keys()].toSorted()).toEqual([...jsonSchemas().keys()].toSorted());
  });

  it('take every record that the loops make, and have one of each', () => {
    for (const { where, schema, record } of found) {
      expect(problemsOf(schema, record), where).toEqual([]);
    }
    expect(new Set(found.map(({ schema }) => schema))).toEqual(new Set(validators.keys()));
  });

  it('refuse a key that is not known, and one that is missing', () => {
    let tried = 0;
    for (const { where, schema, record } of found) {
      for (const path of places(record)) {
        const value = at(record, path);
        if (!isObject(value) || open(schema, path)) continue;
        const more = changed(record, path, (one) => ({ ...(one as object), extra: 1 }));
        expect(problemsOf(schema, more), `${where} ${path.join('.')}`).not.toEqual([]);
        for (const key of Object.keys(value)) {
          const { [key]: _, ...rest } = value;
          const less = changed(record, path, () => rest);
          expect(problemsOf(schema, less), `${where} ${[...path, key].join('.')}`).not.toEqual([]);
          tried++;
        }
      }
    }
    expect(tried).toBeGreaterThan(1000);
  });

  it('refuse every wrong form of a digest', () => {
    let tried = 0;
    for (const { where, schema, record } of found) {
      for (const path of places(record)) {
        const value = at(record, path);
        if (typeof value !== 'string' || !/^(?:sha256:)?[0-9a-f]{64}$/.test(value)) continue;
        const wrong = [value.slice(1), `${value}0`, value.toUpperCase(), `${value}\n`, ''];
        for (const one of wrong) {
          const record2 = changed(record, path, () => one);
          expect(problemsOf(schema, record2), `${where} ${path.join('.')} ${one}`).not.toEqual([]);
        }
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(100);
  });
});
