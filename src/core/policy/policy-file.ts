/** Reads the policy file: a strict subset of YAML 1.2, and errors that name the line. */
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { Stopped } from '../../decision.ts';

/** What is wrong with a value: the keys that lead to it, and a sentence. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly says: string;
}

const maxKib = 64;

/**
 * @param text of the policy file; its form is not checked yet
 * @param schema whose messages complete the sentence "… must be"
 * @param findProblem finds what is wrong with a file of the right form
 * @returns the policy, and what the file itself says
 * @throws Stopped config-invalid, with the line and what is expected there
 */
export function readPolicyFile<T>(
  text: string,
  schema: z.ZodType<T>,
  findProblem: (policy: T) => Problem | undefined,
): { readonly policy: T; readonly stated: unknown } {
  if (Buffer.byteLength(text) > maxKib * 1024) throw invalid(`It is larger than ${maxKib} KiB.`);
  const lines = new LineCounter();
  const document = readYaml(text, lines);
  const lineOf = (node: unknown) => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  visit(document, {
    Alias: (_, alias) => {
      throw invalid('Write the value out instead of an alias (*).', lineOf(alias));
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return;
      throw invalid('A key must be a plain word.', lineOf(key));
    },
  });
  const stated: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  const parsed = schema.safeParse(stated);
  const problem = parsed.success
    ? findProblem(parsed.data)
    : describeIssue(deepest(parsed.error.issues[0] as z.core.$ZodIssue));
  if (problem !== undefined) throw invalid(problem.says, lineOf(locate(document, problem.path)));
  return { policy: parsed.data as T, stated };
}

function readYaml(text: string, lineCounter: LineCounter) {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter,
  });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) return document;
  const [reason] = problem.message.split(/[;\n]/, 1);
  throw invalid(`It is not valid YAML: ${reason}.`, lineCounter.linePos(problem.pos[0]).line);
}

function describeIssue(issue: z.core.$ZodIssue): Problem {
  const name = issue.path.length === 0 ? 'The policy file' : keyName(issue.path);
  if (issue.code !== 'unrecognized_keys') {
    return { path: issue.path, says: `${name} must be ${issue.message}.` };
  }
  const path = [...issue.path, issue.keys[0] as string];
  return { path, says: `There is no key ${keyName(path)}; expected is ${issue.message}.` };
}

/** If every alternative of a union fails, the author most likely meant the one with the most deeply nested error. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const inner = issue.code === 'invalid_union' ? issue.errors.flat() : [];
  const furthest = inner
    .map((one) => deepest({ ...one, path: [...issue.path, ...one.path] }))
    .sort((a, b) => b.path.length - a.path.length)[0];
  const names = furthest?.code === 'unrecognized_keys' ? 1 : 0;
  return furthest !== undefined && furthest.path.length + names > issue.path.length
    ? furthest
    : issue;
}

/** The key that the issue is about, or the item of a list; if it is missing, what it is missing from. */
function locate(document: Document, path: readonly PropertyKey[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const node = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === name)?.key
      : document.getIn(path.slice(0, length), true);
    if (node !== undefined) return node;
  }
  return document.contents;
}

/** `approvers.users[1]` */
function keyName(path: readonly PropertyKey[]): string {
  return path
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`))
    .join('');
}

function invalid(says: string, line?: number): Stopped {
  return new Stopped('config-invalid', `Policy file${line ? `, line ${line}` : ''}: ${says}`);
}
