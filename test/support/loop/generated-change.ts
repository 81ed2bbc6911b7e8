/** Random repositories and random changes of them: odd names, binary content, executables, deletions. */
import fc from 'fast-check';
import type { FileSpec } from '../github/index.ts';

export interface GeneratedChange {
  /** What the repository has before. */
  readonly base: Readonly<Record<string, FileSpec>>;
  readonly files: readonly ChangedFile[];
}

export interface ChangedFile {
  readonly path: string;
  readonly operation: 'create' | 'modify' | 'delete';
  /** The content after the change; null for a deleted file. */
  readonly after: Content | null;
}

/** Text, or bytes that are not text. */
export type Content = string | Uint8Array;

export function fileBytes(content: Content): Buffer {
  return Buffer.from(content as string);
}

const odd = [
  'a b',
  '-x',
  "it's",
  'say "so"',
  '$HOME',
  '`id`',
  '[slug]',
  'star*',
  'what?',
  '#1',
  '日本',
  'é',
  'a&b;c',
  '%20',
  '@scope',
  '{x}',
];
const segment = fc.oneof(
  fc.constantFrom(...odd),
  fc.stringMatching(/^[a-z0-9]{1,8}$/).map((name) => `${name}-f`),
);
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => `gen/${segments.map((one, depth) => `${one}.${depth}`).join('/')}`);
const content: fc.Arbitrary<Content> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc.constant('x\r\ny\r\n'),
);

const entry = fc.record({
  path,
  before: content,
  after: content,
  executable: fc.boolean(),
  kind: fc.constantFrom('create', 'modify', 'delete', 'keep'),
});

/** One path is never another's folder, and no two differ in case alone. */
function compatible(entries: readonly { readonly path: string }[]): boolean {
  const paths = entries.map((one) => one.path.normalize('NFKC').toLowerCase());
  return paths.every((one) => !paths.some((other) => other.startsWith(`${one}/`)));
}

export const generatedChange: fc.Arbitrary<GeneratedChange> = fc
  .uniqueArray(entry, {
    minLength: 6,
    maxLength: 25,
    selector: (one) => one.path.normalize('NFKC').toLowerCase(),
  })
  .filter(compatible)
  .map((entries) => {
    const base: Record<string, FileSpec> = {};
    const files: ChangedFile[] = [];
    for (const { path, before, after, executable, kind } of entries) {
      if (kind !== 'create') base[path] = executable ? { executable: before } : before;
      if (kind === 'keep') continue;
      if (kind === 'modify' && fileBytes(before).equals(fileBytes(after))) continue;
      files.push({ path, operation: kind, after: kind === 'delete' ? null : after });
    }
    return { base, files };
  })
  .filter(({ files }) => files.length > 0);
