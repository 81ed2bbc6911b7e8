/**
 * A bucket on loopback, for the real `aws` client: as much of S3 as an export needs. It checks requests against a bucket
 * policy. The servers on npm do not support conditional writes, and the policy asks for them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface BucketPolicy {
  readonly Statement: readonly Statement[];
}

export interface Bucket {
  /** `http://127.0.0.1:…` */
  readonly address: string;
  /** Content by key. */
  readonly objects: Map<string, Buffer>;
  /** Each request that changed or tried to change something, with its status. */
  readonly writes: { readonly key: string; readonly status: number }[];
  close(): Promise<void>;
}

const actions: Readonly<Record<string, string>> = {
  PUT: 's3:PutObject',
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  DELETE: 's3:DeleteObject',
};

/** @param policy of the bucket; a condition that is not known here is an error */
export async function startBucket(name: string, policy: BucketPolicy): Promise<Bucket> {
  const objects = new Map<string, Buffer>();
  const writes: Bucket['writes'] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await read(request);
    const { pathname } = new URL(request.url ?? '/', 'http://bucket');
    const key = decodeURIComponent(pathname).replace(`/${name}/`, '');
    const [status, content] = rule(request, key, body);
    if (request.method === 'PUT' || request.method === 'DELETE') writes.push({ key, status });
    const known = objects.get(key);
    const sums = known === undefined ? {} : { 'x-amz-checksum-sha256': checksum(known) };
    response.writeHead(status, { ...sums, etag: '"x"', 'content-type': 'application/xml' });
    response.end(request.method === 'HEAD' ? undefined : content);
  };
  const rule = (request: IncomingMessage, key: string, body: Buffer): [number, string] => {
    const { method = '', headers } = request;
    const action = actions[method];
    if (action === undefined) return [501, error('NotImplemented')];
    if (!headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
      return [403, error('AccessDenied')];
    if (!isAllowed(policy, action, request)) return [403, error('AccessDenied')];
    const known = objects.get(key);
    if (method === 'GET' || method === 'HEAD') return [known === undefined ? 404 : 200, ''];
    if (headers['if-none-match'] === '*' && known !== undefined) {
      return [412, error('PreconditionFailed')];
    }
    if (headers['x-amz-checksum-sha256'] !== checksum(body)) return [400, error('BadDigest')];
    objects.set(key, body);
    return [200, ''];
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    objects,
    writes,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function isAllowed(
  { Statement: statements }: BucketPolicy,
  action: string,
  request: IncomingMessage,
): boolean {
  const matching = statements.filter(
    (one) =>
      [one.Action].flat().some((name) => name === action || name === 's3:*') &&
      applies(one, request),
  );
  return (
    matching.some(({ Effect }) => Effect === 'Allow') &&
    !matching.some(({ Effect }) => Effect === 'Deny')
  );
}

function applies({ Condition: condition = {} }: Statement, { headers }: IncomingMessage): boolean {
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      // `Null: true` holds if the request does not have the key.
      if (operator === 'Null' && key === 's3:if-none-match') {
        return (headers['if-none-match'] === undefined) === (value === 'true');
      }
      // Loopback counts as TLS.
      if (operator === 'Bool' && key === 'aws:SecureTransport') return value === 'true';
      throw new Error(`unknown condition ${operator} ${key}`);
    }),
  );
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function checksum(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}

function error(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
}
