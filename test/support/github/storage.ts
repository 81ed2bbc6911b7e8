import { createHash } from 'node:crypto';
import type { GitHub } from './github.ts';
import type { Reply, Request } from './server.ts';

/** How long a signed address works, in minutes: as short for a download as GitHub makes it. */
const MINUTES = { read: 1, write: 60 };

interface Blob {
  blocks: Map<string, Buffer>;
  content: Buffer | null;
}

/**
 * The blob storage behind artifacts: what Azure's REST API does for block blobs. A signed
 * address is the whole authority, so a request that brings a token along is refused.
 */
export class BlobStore {
  readonly #github: GitHub;
  readonly #blobs = new Map<string, Blob>();
  readonly #fixed = new Map<string, () => Buffer>();

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** Makes room for an upload; its name in the storage. */
  reserve(): string {
    const name = `artifacts/${this.#github.ids.next('blob')}.zip`;
    this.#blobs.set(name, { blocks: new Map(), content: null });
    return name;
  }

  /** What was uploaded under a name; null while nothing is committed. */
  content(name: string): Buffer | null {
    return this.#blobs.get(name)?.content ?? null;
  }

  /** A name under which bytes that live elsewhere can be downloaded. */
  expose(read: () => Buffer): string {
    const name = `artifacts/${this.#github.ids.next('blob')}.zip`;
    this.#fixed.set(name, read);
    return name;
  }

  /** A signed address of a name: for `r` (read) or `w` (write), with an end by the clock. */
  sign(name: string, right: 'r' | 'w'): string {
    const minutes = right === 'r' ? MINUTES.read : MINUTES.write;
    const end = new Date(this.#github.clock.now.getTime() + minutes * 60_000);
    const expiry = end.toISOString();
    const url = new URL(`/${name}`, this.#github.storageUrl);
    url.searchParams.set('se', expiry);
    url.searchParams.set('sp', right);
    url.searchParams.set('sig', signature(name, right, expiry));
    return url.href;
  }

  /** Serves a request to the storage. */
  serve(request: Request): Reply {
    const name = decodeURIComponent(request.url.pathname.slice(1));
    if (request.authorization !== null) {
      this.#github.violations.push(
        `${request.method} ${request.url.pathname}: token sent to storage`,
      );
      return failure(400, 'InvalidAuthenticationInfo');
    }
    const right = request.method === 'GET' ? 'r' : 'w';
    if (!this.#authentic(request, name, right)) return failure(403, 'AuthenticationFailed');
    return request.method === 'GET' ? this.#download(name) : this.#upload(request, name);
  }

  #authentic(request: Request, name: string, right: string): boolean {
    const query = request.url.searchParams;
    const expiry = query.get('se') ?? '';
    const same = query.get('sp') === right && query.get('sig') === signature(name, right, expiry);
    return same && new Date(expiry) > this.#github.clock.now;
  }

  #download(name: string): Reply {
    const content = this.#fixed.get(name)?.() ?? this.#blobs.get(name)?.content;
    if (!content) return failure(404, 'BlobNotFound');
    return {
      status: 200,
      headers: {
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="artifact.zip"',
        'x-ms-blob-type': 'BlockBlob',
        ...marks(content),
      },
      body: content,
    };
  }

  #upload(request: Request, name: string): Reply {
    const blob = this.#blobs.get(name);
    if (!blob) return failure(404, 'ContainerNotFound');
    if (request.method !== 'PUT') return failure(405, 'UnsupportedHttpVerb');
    const part = request.url.searchParams.get('comp');
    if (part === 'block') {
      const id = request.url.searchParams.get('blockid') ?? '';
      if (id === '') return failure(400, 'InvalidQueryParameterValue');
      blob.blocks.set(id, request.raw);
    } else if (part === 'blocklist') {
      const ids = [...request.raw.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)];
      const blocks = ids.map(([, id = '']) => blob.blocks.get(id));
      if (blocks.some((block) => block === undefined)) return failure(400, 'InvalidBlockList');
      blob.content = Buffer.concat(blocks as Buffer[]);
    } else if (part === null && request.headers['x-ms-blob-type'] === 'BlockBlob') {
      blob.content = request.raw;
    } else return failure(400, 'InvalidQueryParameterValue');
    return { status: 201, headers: marks(blob.content ?? request.raw) };
  }
}

function marks(content: Buffer): Record<string, string> {
  return {
    etag: `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`,
    'last-modified': new Date(0).toUTCString(),
    'x-ms-request-id': '00000000-0000-0000-0000-000000000000',
    'x-ms-version': '2025-11-05',
  };
}

function signature(name: string, right: string, expiry: string): string {
  return createHash('sha256').update(`${name}\n${right}\n${expiry}`).digest('base64url');
}

function failure(status: number, code: string): Reply {
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  };
}
