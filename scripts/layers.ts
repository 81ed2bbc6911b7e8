/** Which folder of `src` imports which, read from the imports themselves. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every file may import these. They would only hide the other arrows. */
const everywhere = ['decision.ts'];

const source = new URL('../src/', import.meta.url);

/** A diagram of the folders, and of the files that lie beside them. An arrow that others imply is left out. */
export function drawLayers(): string {
  const arrows = readArrows();
  const names = new Set([...arrows].flatMap(([from, targets]) => [from, ...targets]));
  const node = (name: string) => name.replaceAll(/\W/g, '_');
  return [
    'flowchart TD',
    ...[...names].toSorted().map((name) => `  ${node(name)}["${name}"]`),
    ...[...arrows]
      .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
      .flatMap(([from, targets]) =>
        [...targets]
          .filter((to) => !isImplied(arrows, from, to))
          .toSorted()
          .map((to) => `  ${node(from)} --> ${node(to)}`),
      ),
  ].join('\n');
}

/** From each folder or file to those that it imports. */
export function readArrows(): ReadonlyMap<string, ReadonlySet<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const file of globSync('**/*.ts', { cwd: source }).toSorted()) {
    const from = room(file);
    const text = readFileSync(new URL(file, source), 'utf8');
    const statements = /^(?:import|export)\s[^;'"]*?'(\.[^']+)';|\bimport\('(\.[^']+)'\)/gm;
    for (const [, first, late] of text.matchAll(statements)) {
      const name = first ?? late ?? '';
      const to = room(join(dirname(file), name));
      if (to === from || everywhere.includes(to)) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

function room(file: string): string {
  return file.includes('/') ? `${file.split('/', 1)}/` : file;
}

/** Whether there is another way from one to the other; a way around a circle does not count. */
function isImplied(
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
): boolean {
  return [...(arrows.get(from) ?? [])].some(
    (next) => next !== to && leads(arrows, next, to) && !leads(arrows, to, next),
  );
}

function leads(
  arrows: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
  to: string,
  seen = new Set<string>(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(arrows.get(from) ?? [])].some((next) => leads(arrows, next, to, seen));
}
