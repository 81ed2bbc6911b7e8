/** Which folder may know which: the pure core knows nobody, the modes know ports, and one file knows the runner. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Import {
  readonly file: string;
  /** A file below `src`, or the name of a module. */
  readonly target: string;
  readonly kind: 'type' | 'value' | 'dynamic';
}

const root = join(import.meta.dirname, '../src');
const files = globSync('**/*.ts', { cwd: root }).toSorted();
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const source = sources.get(file) as string;
  const statements = source.matchAll(/^(?:import|export)\s([^;'"]*?from\s*)?'([^']+)';/gm);
  const calls = source.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g);
  const target = (name: string) => (name.startsWith('.') ? join(dirname(file), name) : name);
  return [
    ...[...statements].map(
      ([, clause = '', name = '']): Import => ({
        file,
        target: target(name),
        kind: isTypeOnly(clause) ? 'type' : 'value',
      }),
    ),
    ...[...calls].map(([, name = '']): Import => ({ file, target: target(name), kind: 'dynamic' })),
  ];
}

function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true;
  const named = /^\{([^}]*)\}/.exec(clause)?.[1];
  return (
    named
      ?.split(',')
      .filter((name) => name.trim() !== '')
      .every((name) => name.trim().startsWith('type ')) ?? false
  );
}

const inFolder = (...folders: string[]) => {
  const prefixes = folders.map((folder) => `${folder}/`);
  return (path: string) => prefixes.some((prefix) => path.startsWith(prefix));
};
const isModule = (target: string) => !target.endsWith('.ts');
const show = ({ file, target, kind }: Import) => `${file} → ${target} (${kind})`;
const breaches = (rule: (one: Import) => boolean) => imports.filter(rule).map(show);

describe('the pure core', () => {
  const pure = inFolder('core', 'report');

  it('is found by this test', () => {
    expect(imports.filter(({ file }) => pure(file)).length).toBeGreaterThan(50);
    expect(imports.some(({ kind }) => kind === 'dynamic')).toBe(true);
  });

  it('imports nothing of the other folders', () => {
    expect(
      breaches(
        ({ file, target }) =>
          pure(file) && !isModule(target) && !pure(target) && target !== 'decision.ts',
      ),
    ).toEqual([]);
  });

  it('does not know how it is shown', () => {
    expect(
      breaches(({ file, target }) => inFolder('core')(file) && inFolder('report')(target)),
    ).toEqual([]);
  });

  it('uses only modules that compute', () => {
    const computing = ['canonicalize', 'diff', 'node:crypto', 'node:util', 'yaml', 'zod'];
    expect(
      breaches(
        ({ file, target, kind }) =>
          pure(file) && isModule(target) && (!computing.includes(target) || kind === 'dynamic'),
      ),
    ).toEqual([]);
  });

  it('reads no clock, no chance and no environment', () => {
    const impure =
      /\b(?:process\.|Date\.now|new Date\(\)|performance\.|Math\.random|random(?:UUID|Bytes|Int)|setTimeout|setInterval|fetch\(|console\.)/;
    const found = [...sources]
      .filter(([file]) => pure(file) || ['decision.ts', 'outputs.ts'].includes(file))
      .flatMap(([file, source]) => {
        const use = impure.exec(source);
        return use === null ? [] : [`${file}: ${use[0]}`];
      });
    expect(found).toEqual([]);
  });
});

describe('the modes', () => {
  const modes = inFolder('modes', 'checks', 'evidence', 'page', 'ports');
  const adapters = inFolder('github', 'git', 'codex');

  it('know no more than the types of the adapters', () => {
    expect(
      breaches(({ file, target, kind }) => modes(file) && adapters(target) && kind !== 'type'),
    ).toEqual([]);
  });

  it('reach the world through their ports alone', () => {
    expect(breaches(({ file, target }) => modes(file) && isModule(target))).toEqual([]);
    expect(
      breaches(
        ({ file, target, kind }) =>
          modes(file) && ['run.ts', 'outputs.ts', 'inputs.ts'].includes(target) && kind !== 'type',
      ),
    ).toEqual([]);
  });

  it('are to the adapters their ports alone, by type', () => {
    expect(
      breaches(
        ({ file, target, kind }) =>
          adapters(file) && modes(target) && (!target.startsWith('ports/') || kind !== 'type'),
      ),
    ).toEqual([]);
  });
});

describe('an adapter', () => {
  it('does not know another one', () => {
    const folders = ['github', 'git', 'codex'];
    expect(
      breaches(({ file, target }) =>
        folders.some(
          (folder) =>
            inFolder(folder)(file) && inFolder(...folders.filter((one) => one !== folder))(target),
        ),
      ),
    ).toEqual([]);
  });
});

describe('the toolkit of the runner', () => {
  it('is known to the wiring alone', () => {
    expect(breaches(({ file, target }) => target === '@actions/core' && file !== 'run.ts')).toEqual(
      [],
    );
  });

  it.each(['@actions/artifact', '@actions/tool-cache'])(
    'loads %s only where it is used',
    (name) => {
      const uses = imports.filter(({ target }) => target === name);
      expect(uses.length).toBeGreaterThan(0);
      expect(uses.filter(({ kind }) => kind !== 'dynamic').map(show)).toEqual([]);
    },
  );
});
