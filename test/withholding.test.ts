import { describe, expect, it } from 'vitest';
import { secretFinder } from '../src/core/text/secrets.ts';
import type { StoredArtifact } from '../src/ports/artifacts.ts';
import type { Comment } from '../src/ports/comments.ts';
import { refusingSecrets } from '../src/withholding.ts';
import { objectId } from './support/object-ids.ts';
import { reasonOf } from './support/reason.ts';

const key = 'Zk4qT9vLr2XwB7nYc5PdH8sJ';
const id = objectId('c');
const harmless = 'Nothing to see.';

type Call = readonly [path: string, args: readonly unknown[]];
type Ports = ReturnType<typeof refusingSecrets>;

/** Ports that take everything, and note each call. */
function recorder(calls: Call[], path = ''): never {
  // biome-ignore lint/plugin: it is every port at once, so no type describes it.
  return new Proxy(() => {}, {
    get: (_, name) => recorder(calls, path === '' ? String(name) : `${path}.${String(name)}`),
    apply: (_, __, args) => calls.push([path, args]),
  }) as never;
}

function guarded() {
  const calls: Call[] = [];
  const ports = refusingSecrets(recorder(calls), secretFinder({ 'openai-api-key': key }));
  return { calls, ports };
}

const membersWith = (text: string) =>
  new Map([
    ['prompt.txt', Buffer.from(harmless)],
    ['run.log', Buffer.from(text)],
  ]);
const deletion = (path: string) => ({ path, after: null, content: null });
const fileWith = (text: string) => ({
  path: 'x',
  after: { mode: '100644', blob: id },
  content: Buffer.from(text),
});

/** Ways out, each with the port that it goes through and the place that is named if it is refused. */
const publishing: readonly (readonly [
  port: string,
  publish: (ports: Ports, text: string) => unknown,
  place: string,
])[] = [
  ['artifacts.publish', (to, text) => to.artifacts.publish('plan', membersWith(text)), 'run.log'],
  ['comments.create', (to, text) => to.comments.create(1, text), 'a comment'],
  ['comments.minimise', (to, text) => to.comments.minimise(comment, text), 'a comment'],
  ['comments.update', (to, text) => to.comments.update(1, text), 'a comment'],
  [
    'commits.writeTree',
    (to, text) => to.commits.writeTree(id, [deletion('src/cart.ts'), deletion(text)]),
    'a path of the commit',
  ],
  [
    'commits.writeTree',
    (to, text) => to.commits.writeTree(id, [deletion('src/cart.ts'), fileWith(`\0${text}`)]),
    'a file of the commit',
  ],
  [
    'commits.createCommit',
    (to, text) => to.commits.createCommit(text, id, id),
    'the message of the commit',
  ],
  ['keepForLaterSteps', (to, text) => to.keepForLaterSteps('plan', membersWith(text)), 'run.log'],
  ['log.step', (to, text) => to.log.step(text), 'the log'],
  ['log.progress', (to, text) => to.log.progress(text), 'the log'],
  ['log.summarise', (to, text) => to.log.summarise(text), 'the summary'],
  ['log.warn', (to, text) => to.log.warn(text), 'the log'],
];

const nothing = async () => undefined;
const comment = { id: 1 } as Comment;
const artifact = { id: 1 } as StoredArtifact;
const others: Record<string, (ports: Ports) => unknown> = {
  'artifacts.find': (to) => to.artifacts.find(['plan'], 'all'),
  'artifacts.findOfRun': (to) => to.artifacts.findOfRun(1),
  'artifacts.read': (to) => to.artifacts.read(artifact),
  'comments.read': (to) => to.comments.read(1),
  'comments.list': (to) => to.comments.list(1),
  'comments.react': (to) => to.comments.react(1, 'eyes'),
  'commits.moveForward': (to) => to.commits.moveForward('branch', id, id, nothing),
};

describe.each(publishing)('%s', (path, publish, place) => {
  it('writes nothing of what holds a part of a secret, and names the secret', async () => {
    const { ports, calls } = guarded();
    const attempt = async () => publish(ports, `It is ${key.slice(4, 20)}.`);
    await expect(attempt()).rejects.toMatchObject({
      reason: 'secret-detected',
      message: `A part of openai-api-key would have stood in ${place}.`,
    });
    expect(calls).toEqual([]);
  });

  it('writes any other text, unaltered', async () => {
    const { ports, calls } = guarded();
    expect(await reasonOf(() => publish(ports, harmless))).toBe('ok');
    const direct: Call[] = [];
    publish(recorder(direct), harmless);
    expect(calls).toEqual(direct);
    expect(calls.map(([called]) => called)).toEqual([path]);
  });
});

describe('what publishes no text', () => {
  it.each(Object.entries(others))('passes through: %s', async (path, use) => {
    const { ports, calls } = guarded();
    await use(ports);
    const direct: Call[] = [];
    use(recorder(direct));
    expect(calls).toEqual(direct);
    expect(calls.map(([called]) => called)).toEqual([path]);
  });
});

describe('the gate', () => {
  it('has no port that this test does not know', () => {
    const names = (value: object, prefix = ''): string[] =>
      Object.entries(value).flatMap(([name, each]) =>
        typeof each === 'function' ? [prefix + name] : names(each, `${prefix}${name}.`),
      );
    const known = [...publishing.map(([port]) => port), ...Object.keys(others), 'refuseSecrets'];
    expect(names(guarded().ports).toSorted()).toEqual([...new Set(known)].toSorted());
  });

  it('looks into what a mode is about to pack', async () => {
    const { ports } = guarded();
    expect(await reasonOf(() => ports.refuseSecrets('a file', Buffer.from(key)))).toBe(
      'secret-detected',
    );
    expect(await reasonOf(() => ports.refuseSecrets('a file', harmless))).toBe('ok');
  });
});
