import type { ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { holds, type Token } from './access.ts';
import { includesRole } from './accounts.ts';
import { GIT_ENVIRONMENT } from './git-process.ts';
import type { GitHub } from './github.ts';
import { answerGit } from './http-backend.ts';
import { refChanged } from './pulls.ts';
import type { Repository } from './repository.ts';
import type { Request } from './server.ts';

/** Repositories over smart HTTP: `git http-backend`, with GitHub's rules about tokens. */
export class GitBackend {
  readonly #github: GitHub;
  readonly #running = new Set<() => void>();

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** Ends every git process that this server started. */
  close(): void {
    for (const kill of this.#running) kill();
  }

  /** Serves `info/refs`, `git-upload-pack` and `git-receive-pack` of a repository. */
  async serve(request: Request, response: ServerResponse): Promise<void> {
    const [, owner = '', name = '', action = ''] =
      /^\/([^/]+)\/([^/]+)\/(.+)$/.exec(decodeURIComponent(request.url.pathname)) ?? [];
    const repository = this.#github.findRepository(owner, name.replace(/\.git$/, ''));
    const writes =
      action === 'git-receive-pack' ||
      request.url.searchParams.get('service') === 'git-receive-pack';
    const refusal = refuse(request, repository, writes);
    if (refusal || !repository) {
      const { status, text } = refusal ?? { status: 404, text: 'Repository not found.' };
      request.record.status = status;
      const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
      response.writeHead(status, { 'content-type': 'text/plain', ...challenge });
      response.end(text);
      return;
    }
    const before = writes ? new Map(repository.git.refs().map(({ ref, sha }) => [ref, sha])) : null;
    await this.#run(request, response, repository, action);
    if (before) followPush(repository, before, request.token);
  }

  #run(
    request: Request,
    response: ServerResponse,
    repository: Repository,
    action: string,
  ): Promise<void> {
    const { folder } = repository.git;
    const env = {
      ...GIT_ENVIRONMENT,
      GIT_PROJECT_ROOT: join(folder, '..'),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${basename(folder)}/${action}`,
      REQUEST_METHOD: request.method,
      QUERY_STRING: request.url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: String(request.raw.length),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: request.headers['git-protocol'] ?? '',
      REMOTE_USER: request.token?.account.login ?? '',
      REMOTE_ADDR: '127.0.0.1',
    };
    return new Promise((done) => {
      let head: Buffer | null = Buffer.alloc(0);
      const kill = answerGit(env, request.raw, (part) => {
        if (part === null) {
          this.#running.delete(kill);
          if (head !== null) response.writeHead(500);
          response.end();
          done();
          return;
        }
        if (head === null) {
          response.write(part);
          return;
        }
        head = Buffer.concat([head, part]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const rest = head.subarray(end + 4);
        const { status, headers } = cgiHead(head.subarray(0, end).toString());
        head = null;
        request.record.status = status;
        response.writeHead(status, headers);
        response.write(rest);
      });
      this.#running.add(kill);
    });
  }
}

/**
 * GitHub hides a private repository: it answers 401 without a token and 404 with a wrong one. Git
 * itself sends tokens as the password of Basic authentication, and nothing else counts here.
 */
function refuse(
  request: Request,
  repository: Repository | null,
  writes: boolean,
): { status: number; text: string } | null {
  const { token } = request;
  const basic = request.authorization === null || /^basic /i.test(request.authorization);
  if (!basic || (request.authorization !== null && (token === null || token.revoked))) {
    return { status: 401, text: 'Bad credentials' };
  }
  if (!repository) {
    return token === null
      ? { status: 401, text: 'Authentication required' }
      : { status: 404, text: 'Repository not found.' };
  }
  if (token === null) {
    const open = !repository.private && !writes;
    return open ? null : { status: 401, text: 'Authentication required' };
  }
  if (mayReach(token, repository, writes)) return null;
  return writes && !repository.private
    ? { status: 403, text: 'Permission denied' }
    : { status: 404, text: 'Repository not found.' };
}

function mayReach(token: Token, repository: Repository, writes: boolean): boolean {
  if (token.kind === 'user') {
    const role = repository.roleOf(token.account.login);
    return includesRole(role, writes ? 'write' : 'read');
  }
  const here = token.repository === null || token.repository === repository;
  if (!writes && !repository.private) return true;
  return here && holds(token, writes ? 'contents:write' : 'contents:read');
}

function followPush(repository: Repository, before: Map<string, string>, token: Token | null) {
  const after = new Map(repository.git.refs().map(({ ref, sha }) => [ref, sha]));
  for (const ref of new Set([...before.keys(), ...after.keys()])) {
    refChanged(repository, {
      ref,
      before: before.get(ref) ?? null,
      after: after.get(ref) ?? null,
      by: token?.account ?? repository.owner,
    });
  }
}

function cgiHead(text: string): { status: number; headers: Record<string, string> } {
  const headers: Record<string, string> = {};
  let status = 200;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'status') status = Number.parseInt(value, 10);
    else headers[name] = value;
  }
  return { status, headers };
}
