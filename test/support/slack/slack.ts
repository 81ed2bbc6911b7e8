/**
 * An incoming webhook on 127.0.0.1 that refuses what Slack refuses: unknown blocks and keys, missing texts, sizes and
 * counts. The kinds of blocks and elements are those of Slack's own types.
 * Sizes: https://docs.slack.dev/reference/block-kit/blocks and …/composition-objects/text-object
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

const types = dirname(createRequire(import.meta.url).resolve('@slack/types'));
const kindsIn = (file: string) =>
  new Set(
    [...readFileSync(join(types, 'block-kit', file), 'utf8').matchAll(/ type: '(\w+)';/g)].map(
      ([, kind]) => kind,
    ),
  );
export const knownBlocks = kindsIn('blocks.d.ts');
const knownTexts = kindsIn('composition-objects.d.ts');

const sizes = { header: 150, section: 3000, context: 2000, text: 40_000 };

/** What Slack would refuse as `invalid_blocks`; undefined if it accepts the message. */
export function findInvalid(message: unknown): string | undefined {
  const { text, blocks, ...others } = message as Json;
  const strange = Object.keys(others)[0];
  if (strange !== undefined) return `unknown key ${strange}`;
  if (typeof text !== 'string' || text === '' || text.length > sizes.text) return 'no_text';
  if (!Array.isArray(blocks) || blocks.length > 50) return 'invalid_blocks: more than 50';
  for (const block of blocks as Json[]) {
    const problem = findInvalidBlock(block);
    if (problem !== undefined) return `invalid_blocks: ${problem}`;
  }
  return undefined;
}

function findInvalidBlock(block: Json): string | undefined {
  const kind = String(block.type);
  if (!knownBlocks.has(kind)) return `unsupported type ${kind}`;
  switch (kind) {
    case 'header':
      if ((block.text as Json | undefined)?.type !== 'plain_text') return 'a header is plain_text';
      return onlyKeys(block, ['type', 'text']) ?? findInvalidText(block.text, sizes.header);
    case 'section':
      return onlyKeys(block, ['type', 'text']) ?? findInvalidText(block.text, sizes.section);
    case 'context': {
      const elements = block.elements as unknown[];
      if (!Array.isArray(elements) || elements.length < 1 || elements.length > 10)
        return 'elements';
      const problems = elements.map((one) => findInvalidText(one, sizes.context));
      return onlyKeys(block, ['type', 'elements']) ?? problems.find((one) => one !== undefined);
    }
    default:
      return `${kind} is not expected here`;
  }
}

function findInvalidText(found: unknown, most: number): string | undefined {
  const text = found as Json | undefined;
  if (text === undefined || !knownTexts.has(String(text.type))) return 'no text object';
  if (typeof text.text !== 'string' || text.text.length < 1) return 'an empty text';
  if (text.text.length > most) return `a text of more than ${most}`;
  return text.type === 'plain_text'
    ? onlyKeys(text, ['type', 'text', 'emoji'])
    : onlyKeys(text, ['type', 'text', 'verbatim']);
}

function onlyKeys(object: Json, keys: readonly string[]): string | undefined {
  const strange = Object.keys(object).find((key) => !keys.includes(key));
  return strange === undefined ? undefined : `unknown key ${strange}`;
}

export interface Slack {
  readonly url: string;
  /** The messages that it accepted. */
  readonly taken: unknown[];
  close(): Promise<void>;
}

export async function startSlack(): Promise<Slack> {
  const taken: unknown[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      let problem: string | undefined = 'invalid_payload';
      try {
        const message: unknown = JSON.parse(Buffer.concat(parts).toString());
        problem = findInvalid(message);
        if (problem === undefined) taken.push(message);
      } catch {}
      response.writeHead(problem === undefined ? 200 : 400, { 'content-type': 'text/html' });
      response.end(problem ?? 'ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T0/B0/x`,
    taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
