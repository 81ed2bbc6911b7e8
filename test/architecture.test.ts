/** Which folder may know which, computed from the imports. */
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

function sourceOf(file: string): string {
  return sources.get(file) ?? '';
}

function importsOf(file: string): Import[] {
  const source = sourceOf(file);
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
      .filter(
        ([file]) =>
          pure(file) || inFolder('reasons')(file) || ['decision.ts', 'outputs.ts'].includes(file),
      )
      .flatMap(([file, source]) => {
        const use = impure.exec(source);
        return use === null ? [] : [`${file}: ${use[0]}`];
      });
    expect(found).toEqual([]);
  });
});

/** From the entry down. Each layer may know itself and those below it; adapters are beside what the modes share, on the ports. */
const layers = [
  ['index.ts', 'offline.ts'],
  ['run.ts'],
  ['step.ts', 'ordinary-comment.ts'],
  ['wiring.ts'],
  ['agents.ts'],
  ['modes/'],
  ['checks/'],
  ['page/'],
  ['evidence/'],
  ['codex/', 'git/', 'github/', 'runner.ts', 'withholding.ts'],
  ['outputs.ts', 'notify.ts'],
  ['ports/'],
  ['inputs.ts', 'report/', 'system/'],
  ['input-forms.ts'],
  ['core/'],
  ['decision.ts'],
  ['reasons/'],
];
const layerOf = (path: string) =>
  layers.findIndex((parts) => parts.some((part) => path === part || path.startsWith(part)));
const partOf = (path: string) =>
  layers.flat().find((part) => path === part || path.startsWith(part));

describe('the layers', () => {
  it('hold every file', () => {
    expect(files.filter((file) => layerOf(file) === -1)).toEqual([]);
    expect(layers.flat().filter((part) => !files.some((file) => file.startsWith(part)))).toEqual(
      [],
    );
  });

  it('have no arrow upward, not even by type', () => {
    expect(
      breaches(({ file, target }) => !isModule(target) && layerOf(target) < layerOf(file)),
    ).toEqual([]);
  });

  it('have no arrow to the side', () => {
    expect(
      breaches(
        ({ file, target }) =>
          !isModule(target) && layerOf(target) === layerOf(file) && partOf(target) !== partOf(file),
      ),
    ).toEqual([]);
  });

  it('show the tables of reason codes to decision.ts alone', () => {
    const tables = inFolder('reasons');
    const readers = imports.filter(({ file, target }) => tables(target) && !tables(file));
    expect(new Set(readers.map(({ file }) => file))).toEqual(new Set(['decision.ts']));
  });

  it('have no circle, not even by type', () => {
    expect(findCircle()).toBe('');
  });
});

/** The first circle of imports; '' if there is none. */
function findCircle(): string {
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): string => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ');
    if (finished.has(file)) return '';
    const inner = imports.filter((one) => one.file === file && !isModule(one.target));
    for (const { target } of inner) {
      const circle = visit(target, [...path, file]);
      if (circle !== '') return circle;
    }
    finished.add(file);
    return '';
  };
  return files.map((file) => visit(file, [])).find((circle) => circle !== '') ?? '';
}

describe('the modes and what they share', () => {
  const inside = inFolder('modes', 'checks', 'page', 'evidence', 'ports');
  const adapters = inFolder('github', 'git', 'codex');

  it('reach the world through their ports alone', () => {
    expect(breaches(({ file, target }) => inside(file) && isModule(target))).toEqual([]);
    expect(
      breaches(
        ({ file, target }) =>
          inside(file) &&
          (adapters(target) || ['runner.ts', 'withholding.ts', 'outputs.ts'].includes(target)),
      ),
    ).toEqual([]);
  });

  it('know nothing of the mode next door', () => {
    const modeOf = (path: string) => /^modes\/([^/]+)\//.exec(path)?.[1];
    expect(
      breaches(({ file, target }) => {
        const [one, other] = [modeOf(file), modeOf(target)];
        return one !== undefined && other !== undefined && one !== other;
      }),
    ).toEqual([]);
  });

  it('are to the adapters their ports alone, by type', () => {
    expect(
      breaches(
        ({ file, target, kind }) =>
          adapters(file) && inside(target) && (!target.startsWith('ports/') || kind !== 'type'),
      ),
    ).toEqual([]);
  });

  it('are built by the wiring alone', () => {
    const builders = files.filter(
      (file) =>
        !inside(file) && /new (?:Authority|Provenance|EvidenceStore|Page)\(/.test(sourceOf(file)),
    );
    expect(builders).toEqual(['wiring.ts']);
  });

  // A record that is stored counts, whatever becomes of its run: one file decides what may fail before that.
  it('store evidence in one place', () => {
    const storing = files.filter(
      (file) =>
        inside(file) && /\.publish\(|\{[^{}()]*\bpublish\b[^{}()]*\}\s*=/.test(sourceOf(file)),
    );
    expect(storing).toEqual([
      'evidence/genuine.ts',
      'evidence/store-record.ts',
      'evidence/store.ts',
    ]);
  });
});

describe('the files', () => {
  const longest = 250;

  it('have one subject each: none is too long to be seen whole', () => {
    const long = [...sources].filter(([, source]) => source.split('\n').length - 1 > longest);
    expect(long.map(([file]) => file)).toEqual([]);
  });

  it('work in a folder with a blank in its name: no path is taken from a URL as it is', () => {
    const project = join(root, '..');
    const all = globSync('{bench,scripts,src,test}/**/*.ts', { cwd: project });
    expect(all.length).toBeGreaterThan(sources.size);
    const encoded = all.filter((file) =>
      /meta\.url\)\s*\.pathname/.test(readFileSync(join(project, file), 'utf8')),
    );
    expect(encoded).toEqual([]);
  });
});

describe('promises', () => {
  /** The list that a call is given, from its bracket to the one that closes it. */
  function listFrom(source: string, start: number): string {
    let depth = 0;
    for (let at = start; at < source.length; at++) {
      if (source[at] === '[') depth++;
      if (source[at] === ']' && --depth === 0) return source.slice(start, at + 1);
    }
    return source.slice(start);
  }

  // While it waits, the ones before are on their way: if one of them fails then, nobody handles that, and Node ends the
  // process with a raw stack, without a reason, a summary or outputs.
  it('that are waited for together are begun together: no await is in their list', () => {
    const lists = files.flatMap((file) =>
      [...sourceOf(file).matchAll(/Promise\.(?:all|allSettled|any|race)\(\[/g)].map(
        ({ index, 0: call }) => ({
          file,
          list: listFrom(sourceOf(file), index + call.length - 1),
        }),
      ),
    );
    expect(lists.length).toBeGreaterThan(5);
    expect(lists.filter(({ list }) => /\bawait\b/.test(list))).toEqual([]);
  });
});

/** The block that begins with this brace. */
function blockFrom(source: string, start: number): string {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    if (source[at] === '{') depth++;
    if (source[at] === '}' && --depth === 0) return source.slice(start + 1, at).trim();
  }
  return source.slice(start);
}
const blocks = (beginning: RegExp) =>
  files.flatMap((file) =>
    [...sourceOf(file).matchAll(beginning)].map(({ index, 0: found, 1: name }) => ({
      file,
      name,
      block: blockFrom(sourceOf(file), index + found.length - 1),
    })),
  );

describe('the first error counts', () => {
  // What fails in it takes the place of the error that led there, and of the result.
  it('in every `finally`, since what stands there cannot fail', () => {
    const harmless =
      /^(?:closeSync\(\w+\)|\w+\.closeSync\(\)|(?:await )?(?:disk|hasher)\.close\(\)|process\.off\(.+\)|own = false|tryToRemove\(\w+\)|removeSoon\(\w+\));$/;
    const found = blocks(/\bfinally \{/g).map(({ file, block }) => ({
      file,
      block: block
        .replace(/^ *\/\/.*\n/gm, '')
        .replace(/^const failed = .+\n/, '')
        .trim(),
    }));
    expect(found.length).toBeGreaterThan(10);
    const risky = found.filter(
      ({ block }) => !harmless.test(block) && !/^await tryTo\(/.test(block),
    );
    expect(risky).toEqual([]);
  });

  /** Where another error is the better reason. */
  const deliberate: Readonly<Record<string, string>> = {
    'codex/session.ts': 'a program that is no Codex can fail in any way',
    'codex/planner/planner.ts': 'a reason not to ask at all comes before a problem of Codex',
    'github/commits.ts': 'the branch may have moved: if nobody can tell, that is the reason',
    'modes/execute/execute.ts': 'another run has used the approval',
  };

  it('in every `catch` that throws it again, unless the file is listed with the reason', () => {
    const again = blocks(/\bcatch \((\w+)\) \{/g).filter(({ name, block }) =>
      new RegExp(`^throw ${name};$`, 'm').test(block.replace(/^ +/gm, '')),
    );
    expect(again.length).toBeGreaterThan(10);
    const waiting = again.filter(({ block }) => /\bawait (?!tryTo\(|tellEnd\()/.test(block));
    expect([...new Set(waiting.map(({ file }) => file))].toSorted()).toEqual(
      Object.keys(deliberate).toSorted(),
    );
  });
});

describe('an error of the system is no verdict', () => {
  const ofSystem = new Set(
    imports
      .filter(({ target }) => /^(?:node:(?:fs|fs\/promises|child_process)$|system\/)/.test(target))
      .map(({ file }) => file),
  );
  const handlers = blocks(/\bcatch (?:\((\w+)\) )?\{/g).filter(({ file }) => ofSystem.has(file));

  // The disk fails, or no more files can be opened. Nobody is to blame for that, and nothing was found out.
  it('in every `catch` that gives a reason: it asks first whether the machine lacks something', () => {
    const giving = handlers.filter(({ block }) =>
      /\b(?:new Stopped|invalid|unreachable|unavailable)\(/.test(block),
    );
    expect(giving.length).toBeGreaterThan(8);
    const asking =
      /stoppedByMachine\(|isAboutPath\(|unavailable\(|'platform-unsupported'|\(\w+ instanceof (?:GitError|NotFound)/;
    const blind = giving.filter(({ block }) => !asking.test(block));
    expect(blind).toEqual([]);
  });

  /** Where it does not matter what the error is. */
  const deliberate: Readonly<Record<string, string>> = {
    'codex/box/process.ts': 'a group or a file of /proc that has gone',
    'codex/box/staging.ts': 'what cannot be linked is copied, and that can fail, too',
    'codex/box/tools.ts': 'a tool that is not found is not shown',
    'codex/install/codex-package.ts': 'a folder without a package of npm',
    'codex/install/npm.ts': 'a configuration or a folder that is not there',
    'codex/machine-facts.ts': 'doctor tells what the machine can do',
    'git/certificates.ts': 'Node goes on without the file, too',
    'ordinary-comment.ts': 'the whole bundle looks again',
    'runner.ts': 'a summary that cannot be written is a warning',
    'system/home.ts': 'a home that cannot be used is not used',
    'system/remove-tree.ts': 'what is left is told',
  };

  it('in no `catch` that does not look at it, unless the file is listed with the reason', () => {
    const unseen = handlers.filter(({ name }) => name === undefined);
    expect([...new Set(unseen.map(({ file }) => file))].toSorted()).toEqual(
      Object.keys(deliberate).toSorted(),
    );
  });
});

describe('the toolkit of the runner', () => {
  it('comes in with the artifact library alone: it would load an HTTP client before anything is done', () => {
    expect(breaches(({ target }) => target === '@actions/core')).toEqual([]);
  });

  it.each(['@actions/artifact'])('loads %s only where it is used', (name) => {
    const uses = imports.filter(({ target }) => target === name);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter(({ kind }) => kind !== 'dynamic').map(show)).toEqual([]);
  });
});
