/** What the scripted model of a walk plans and writes. */
import type { PullView } from '../github/index.ts';
import { create, type Item, patch, update } from '../model/index.ts';

export interface Mind {
  /** The number that it writes into the planned files. */
  total: number;
  /** Whether it also writes a file that nobody planned. */
  greedy: boolean;
}

const cart = 'src/cart.ts';
const tax = 'src/tax.ts';
export const plannedPaths: readonly string[] = [cart, tax];

export function planNow({ total }: Mind, pull: PullView): string {
  const known = pull.file(tax) !== null;
  return JSON.stringify({
    title: `Set the total to ${total}`,
    summary: '',
    steps: [],
    files: [
      { path: cart, operation: 'modify', reason: '' },
      { path: tax, operation: known ? 'modify' : 'create', reason: '' },
    ],
    commands: [],
    risks: [],
  });
}

/** The planned files as it writes them: path → text. */
export function contentOf({ total }: Mind): Readonly<Record<string, string>> {
  return {
    [cart]: `export const total = ${total}.5;\n`,
    [tax]: `export const tax = ${total}.5;\n`,
  };
}

export function editNow(mind: Mind, pull: PullView): Item {
  const hunks = Object.entries(contentOf(mind)).map(([path, text]) => {
    const before = pull.file(path);
    return before === null ? create(path, text) : update(path, before.trimEnd(), text.trimEnd());
  });
  return patch(...hunks, ...(mind.greedy ? [create('evil.ts', 'x\n')] : []));
}
