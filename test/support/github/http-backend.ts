/**
 * Answers git over HTTP as `git http-backend` does, from a small process. A test run fetches thousands of times, so what
 * a fetch asks for is answered with fewer processes: the same bytes, as `http-backend.test.ts` shows.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { spawn } from '../processes/spawn.ts';

/** The request, as the Common Gateway Interface (RFC 3875) names its parts: the whole environment of the backend. */
export type Environment = Readonly<Record<string, string>>;

/** Takes the answer, head and body, part by part, and null at its end. */
export type OnPart = (part: Uint8Array | null) => void;

/**
 * Answers a request.
 * @returns ends the program before its time
 */
export function answerGit(env: Environment, body: Uint8Array, onPart: OnPart): () => void {
  // What is odd is left to the backend: it alone knows how to refuse it.
  if (isRepository(env)) {
    const plain = isUpload(env) ? unpack(env, body) : undefined;
    if (plain !== undefined) return upload(env, plain, onPart);
    if (isCapabilities(env)) return tellCapabilities(env, onPart);
  }
  return runHttpBackend(env, body, onPart);
}

/** As `answerGit`, by `git http-backend` itself. */
export function runHttpBackend(env: Environment, body: Uint8Array, onPart: OnPart): () => void {
  return runGit(['http-backend'], env, body, onPart);
}

function runGit(args: string[], env: Environment, body: Uint8Array, onPart: OnPart): () => void {
  const child = spawn('git', args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdout?.on('data', onPart);
  // It is closed, too.
  child.on('error', () => {});
  child.on('close', () => onPart(null));
  child.stdin?.on('error', () => {});
  child.stdin?.end(body);
  return () => child.kill('SIGKILL');
}

const noCache =
  'Expires: Fri, 01 Jan 1980 00:00:00 GMT\r\nPragma: no-cache\r\nCache-Control: no-cache, max-age=0, must-revalidate\r\n';

/** Whether there is a repository directly below the root, as all of the embedded GitHub are. */
function isRepository(env: Environment): boolean {
  const parts = env.PATH_INFO?.split('/') ?? [];
  return !parts.includes('..') && existsSync(join(folderOf(env), 'config'));
}

function isUpload({ PATH_INFO = '', REQUEST_METHOD, CONTENT_TYPE }: Environment): boolean {
  return (
    /^\/[^/]+\/git-upload-pack$/.test(PATH_INFO) &&
    REQUEST_METHOD === 'POST' &&
    CONTENT_TYPE === 'application/x-git-upload-pack-request'
  );
}

/** The request as git wrote it; undefined if it was packed and cannot be unpacked. */
function unpack({ HTTP_CONTENT_ENCODING = '' }: Environment, body: Uint8Array) {
  if (HTTP_CONTENT_ENCODING === '') return body;
  if (HTTP_CONTENT_ENCODING !== 'gzip') return undefined;
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}

/** The backend would only unpack the request, write these lines and start this program. */
function upload(env: Environment, body: Uint8Array, onPart: OnPart): () => void {
  const type = 'Content-Type: application/x-git-upload-pack-result\r\n';
  onPart(Buffer.from(`${noCache}${type}\r\n`));
  const folder = folderOf(env);
  const args = ['upload-pack', '--stateless-rpc', folder];
  if (!isFetch(env, body)) return runGit(args, env, body, onPart);
  const key = `${folder} ${settingsIn(folder)} ${Buffer.from(body).toString('latin1')}`;
  const known = packs.get(key);
  if (known !== undefined && hasAll(folder, body)) return tell(known, onPart);
  return listen(
    (onPart) => runGit(args, env, body, onPart),
    (answer) => packs.set(key, answer),
    onPart,
  );
}

/**
 * What git has answered to fetches. Each step fetches its head and base, and most steps of a loop have the same ones. In version 2 of
 * the protocol a fetch asks for commits by id, so the answer can only change with the settings, or if the commits are gone.
 */
const packs = new Map<string, Buffer>();

function isFetch({ GIT_PROTOCOL }: Environment, body: Uint8Array): boolean {
  return GIT_PROTOCOL === 'version=2' && /^[\da-f]{4}command=fetch/.test(latin1(body, 64));
}

/** Whether all objects that a request names are files of their own, so that nobody has removed them. */
function hasAll(folder: string, body: Uint8Array): boolean {
  const named = latin1(body).matchAll(/(?:want|have|shallow) ([\da-f]{40})$/gm);
  return [...named].every(([, id = '']) =>
    existsSync(join(folder, 'objects', id.slice(0, 2), id.slice(2))),
  );
}

function latin1(bytes: Uint8Array, end = bytes.length): string {
  return Buffer.from(bytes.subarray(0, end)).toString('latin1');
}

/** What git can do, by version of the protocol and settings of the repository. In version 2 that names no refs. */
const capabilities = new Map<string, Buffer>();

function isCapabilities({
  PATH_INFO = '',
  REQUEST_METHOD,
  QUERY_STRING,
  GIT_PROTOCOL,
}: Environment) {
  return (
    /^\/[^/]+\/info\/refs$/.test(PATH_INFO) &&
    REQUEST_METHOD === 'GET' &&
    QUERY_STRING === 'service=git-upload-pack' &&
    GIT_PROTOCOL === 'version=2'
  );
}

function tellCapabilities(env: Environment, onPart: OnPart): () => void {
  const settings = settingsIn(folderOf(env));
  const known = capabilities.get(settings);
  if (known !== undefined) return tell(known, onPart);
  return listen(
    (onPart) => runHttpBackend(env, Buffer.alloc(0), onPart),
    (answer) => capabilities.set(settings, answer),
    onPart,
  );
}

/** An answer that is kept must not take much memory. */
const maxKept = 256 * 1024;

function tell(answer: Buffer, onPart: OnPart): () => void {
  setImmediate(() => {
    onPart(answer);
    onPart(null);
  });
  return () => {};
}

/** Passes an answer on, and keeps it if it is whole. */
function listen(
  answer: (onPart: OnPart) => () => void,
  keep: (answer: Buffer) => void,
  onPart: OnPart,
): () => void {
  const parts: Uint8Array[] = [];
  let size = 0;
  return answer((part) => {
    size += part?.length ?? 0;
    if (part !== null && size <= maxKept) parts.push(part);
    else if (part === null && size <= maxKept && isWhole(Buffer.concat(parts))) {
      keep(Buffer.concat(parts));
    }
    onPart(part);
  });
}

/** Ended by the mark of an end (`0000`), so nobody killed it on the way. */
function isWhole(answer: Buffer): boolean {
  return !answer.includes('Status:') && answer.subarray(-4).toString() === '0000';
}

function settingsIn(folder: string): string {
  return readFileSync(join(folder, 'config'), 'utf8');
}

function folderOf({ GIT_PROJECT_ROOT = '', PATH_INFO = '' }: Environment): string {
  return join(GIT_PROJECT_ROOT, PATH_INFO.split('/')[1] ?? '');
}
