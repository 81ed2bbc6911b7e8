/** What the embedded GitHub answers without `git http-backend` is what `git http-backend` answers. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitStore } from './github/git.ts';
import { GIT_ENVIRONMENT } from './github/git-process.ts';
import { answerGit, type Environment, type OnPart, runHttpBackend } from './github/http-backend.ts';
import { makeTemporaryFolder } from './ram-disk.ts';

let folder: string;
let commit: string;
beforeAll(() => {
  folder = join(makeTemporaryFolder('backend'), 'shop.git');
  const git = new GitStore(folder, { defaultBranch: 'main' });
  const sha = git.writeBlob(Buffer.from('a'));
  const tree = git.editTree(null, new Map([['a', { mode: '100644', sha }]]));
  const alice = { name: 'alice', email: 'alice@example.com', date: '2026-01-02T03:04:05Z' };
  commit = git.commit({ tree, parents: [], author: alice, committer: alice, message: 'First' });
  git.setRef('refs/heads/main', commit);
});
afterAll(() => rmSync(dirname(folder), { recursive: true }));

/** Lines of the protocol: https://git-scm.com/docs/protocol-common#_pkt_line_format */
const packets = (...lines: string[]) =>
  lines
    .map((line) =>
      line.length === 4 ? line : `${(line.length + 4).toString(16).padStart(4, '0')}${line}`,
    )
    .join('');
const listRefs = () => packets('command=ls-refs\n', '0001', 'ref-prefix refs/\n', '0000');
/** As git writes it. */
const fetch = () =>
  packets('command=fetch', '0001', 'no-progress\n', `want ${commit}\n`, 'done\n', '0000');

const request = (action: string, change: Environment = {}): Environment => ({
  ...GIT_ENVIRONMENT,
  GIT_PROJECT_ROOT: dirname(folder),
  GIT_HTTP_EXPORT_ALL: '1',
  PATH_INFO: `/${basename(folder)}/${action}`,
  REQUEST_METHOD: 'GET',
  QUERY_STRING: '',
  CONTENT_TYPE: '',
  HTTP_CONTENT_ENCODING: '',
  GIT_PROTOCOL: 'version=2',
  REMOTE_ADDR: '127.0.0.1',
  ...change,
});
const asked = (change: Environment = {}) =>
  request('info/refs', { QUERY_STRING: 'service=git-upload-pack', ...change });
const sent = (body: Uint8Array, change: Environment = {}) =>
  request('git-upload-pack', {
    REQUEST_METHOD: 'POST',
    CONTENT_TYPE: 'application/x-git-upload-pack-request',
    CONTENT_LENGTH: String(body.length),
    ...change,
  });

type Answer = (env: Environment, body: Uint8Array, onPart: OnPart) => () => void;

/** Lines of the head, sorted, and the body. */
async function answered(answer: Answer, env: Environment, body: Uint8Array = Buffer.alloc(0)) {
  const parts: Uint8Array[] = [];
  await new Promise<void>((done) => {
    answer(env, body, (part) => (part === null ? done() : parts.push(part)));
  });
  const whole = Buffer.concat(parts);
  const end = whole.indexOf('\r\n\r\n');
  return {
    head: whole.subarray(0, end).toString().split('\r\n').sort(),
    body: joined(whole.subarray(end + 4).toString('latin1')),
  };
}

/** Git sends a pack in pieces of any size: each is a line of band 1 (https://git-scm.com/docs/protocol-v2#_fetch). */
function joined(body: string): string {
  let whole = '';
  for (let at = 0; at < body.length; ) {
    const rest = body.slice(at);
    const isPiece = /^[\da-f]{4}/.test(rest) && rest[4] === '\x01';
    const size = isPiece ? Number.parseInt(rest.slice(0, 4), 16) : undefined;
    whole += size === undefined ? rest.slice(0, 1) : rest.slice(5, size);
    at += size ?? 1;
  }
  return whole;
}

describe('an answer', () => {
  const uploads: Record<string, () => Uint8Array> = {
    'to a list of refs': () => Buffer.from(listRefs()),
    'to a fetch': () => Buffer.from(fetch()),
    'to a fetch of an unknown commit': () =>
      Buffer.from(packets('command=fetch\n', '0001', `want ${'1'.repeat(40)}\n`, 'done\n', '0000')),
    'to nonsense': () => Buffer.from('nonsense'),
    'to nothing': () => Buffer.alloc(0),
  };
  it.each(Object.entries(uploads))('%s is the one of the backend', async (_, body) => {
    const env = sent(body());
    expect(await answered(answerGit, env, body())).toEqual(
      await answered(runHttpBackend, env, body()),
    );
  });

  it('to a fetch has the commit', async () => {
    const body = Buffer.from(fetch());
    expect((await answered(answerGit, sent(body), body)).body).toContain('PACK');
  });

  it('to a fetch is the one of the backend, also the second time', async () => {
    const body = Buffer.from(fetch());
    const answer = await answered(runHttpBackend, sent(body), body);
    for (let time = 0; time < 2; time++) {
      expect(await answered(answerGit, sent(body), body)).toEqual(answer);
    }
  });

  it('to a fetch needs no git the second time', async () => {
    const body = Buffer.from(fetch());
    const answer = await answered(answerGit, sent(body), body);
    expect(await answered(answerGit, sent(body, { PATH: '/nowhere' }), body)).toEqual(answer);
  });

  it('to a fetch is a refusal once the commit is gone', async () => {
    const body = Buffer.from(fetch());
    await answered(answerGit, sent(body), body);
    const file = join(folder, 'objects', commit.slice(0, 2), commit.slice(2));
    const object = readFileSync(file);
    rmSync(file);
    try {
      const answer = await answered(answerGit, sent(body), body);
      expect(answer.body).toContain('not our ref');
      expect(answer).toEqual(await answered(runHttpBackend, sent(body), body));
    } finally {
      writeFileSync(file, object);
    }
  });

  it('to a packed request is the one of the backend', async () => {
    const body = gzipSync(listRefs());
    const env = sent(body, { HTTP_CONTENT_ENCODING: 'gzip' });
    const answer = await answered(answerGit, env, body);
    expect(answer.body).toContain(commit);
    expect(answer).toEqual(await answered(runHttpBackend, env, body));
  });

  const odd: Record<string, () => readonly [Environment, Uint8Array]> = {
    'in an old name of the same packing': () => encoded('x-gzip', gzipSync(listRefs())),
    'in a packing that git does not know': () => encoded('deflate', deflateSync(listRefs())),
    'that is not packed, and says it is': () => encoded('gzip', Buffer.from('nonsense')),
    'that is packed and breaks off': () => encoded('gzip', gzipSync(listRefs()).subarray(0, -9)),
    'that is packed, with more after it': () =>
      encoded('gzip', Buffer.concat([gzipSync(listRefs()), Buffer.from('more')])),
    'to a repository that does not exist': () => elsewhere('/missing.git/git-upload-pack'),
    'to a folder within a repository': () => elsewhere('/shop.git/objects/git-upload-pack'),
    'to a folder above': () => elsewhere('/../git-upload-pack'),
    'for what git can do in a repository that does not exist': () => [
      asked({ PATH_INFO: '/missing.git/info/refs' }),
      Buffer.alloc(0),
    ],
  };
  const encoded = (name: string, body: Uint8Array) =>
    [sent(body, { HTTP_CONTENT_ENCODING: name }), body] as const;
  const elsewhere = (path: string) => {
    const body = Buffer.from(listRefs());
    return [sent(body, { PATH_INFO: path }), body] as const;
  };
  it.each(Object.entries(odd))('to a request %s is the one of the backend', async (_, make) => {
    const [env, body] = make();
    expect(await answered(answerGit, env, body)).toEqual(await answered(runHttpBackend, env, body));
  });

  it.each(['version=2', 'version=1', 'version=0', ''])(
    'about what git can do is the one of the backend, also the second time (%s)',
    async (version) => {
      const env = asked({ GIT_PROTOCOL: version });
      const answer = await answered(runHttpBackend, env);
      expect(answer.body).toContain('agent=git');
      expect(await answered(answerGit, env)).toEqual(answer);
      expect(await answered(answerGit, env)).toEqual(answer);
    },
  );

  it('about what git can do follows the settings', async () => {
    const env = asked();
    await answered(answerGit, env);
    writeFileSync(join(folder, 'config'), '[uploadpack]\n\tallowFilter = false\n');
    const answer = await answered(answerGit, env);
    expect(answer.body).not.toContain('filter');
    expect(answer).toEqual(await answered(runHttpBackend, env));
  });

  it('to a fetch follows the settings', async () => {
    const body = Buffer.from(fetch().replace('0000', packets('filter blob:none\n', '0000')));
    writeFileSync(join(folder, 'config'), '[uploadpack]\n\tallowFilter = true\n');
    expect((await answered(answerGit, sent(body), body)).body).toContain('PACK');
    writeFileSync(join(folder, 'config'), '[uploadpack]\n\tallowFilter = false\n');
    const answer = await answered(answerGit, sent(body), body);
    expect(answer.body).not.toContain('PACK');
    expect(answer).toEqual(await answered(runHttpBackend, sent(body), body));
  });

  it('is none if the program is ended', async () => {
    const parts: (Uint8Array | null)[] = [];
    await new Promise<void>((done) => {
      const end = answerGit(asked({ PATH_INFO: '/missing.git/HEAD' }), Buffer.alloc(0), (part) => {
        parts.push(part);
        if (part === null) done();
      });
      end();
    });
    expect(parts.at(-1)).toBe(null);
  });
});
