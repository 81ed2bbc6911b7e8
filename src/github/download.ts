/** Downloads from other hosts than GitHub's API: without the token, and through a proxy if there is one. */

import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '@actions/http-client';
import { fetch } from 'undici';
import { Stopped } from '../decision.ts';
import { NotFound } from './refusals.ts';

const timeoutMs = 60_000;
const attempts = 3;

export interface DownloadOptions {
  /** Larger content is not read to its end. */
  readonly maxBytes: number;
  /** Milliseconds before the first repetition; each further one doubles. */
  readonly pause?: number;
}

/**
 * @param location a signed address: everybody who has it may read
 * @param what for sentences about it: `Artifact 7`
 * @throws `NotFound` for a 404 or a 410; Stopped artifact-invalid if it is too large, api-unavailable
 */
export async function download(
  location: string,
  what: string,
  { maxBytes, pause = 500 }: DownloadOptions,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await downloadOnce(location, what, maxBytes);
    } catch (cause) {
      if (cause instanceof Stopped) throw cause;
      if (attempt === attempts) {
        const why = cause instanceof Error ? cause.message : 'unknown';
        throw new Stopped('api-unavailable', `${what} could not be read: ${why}`, { cause });
      }
      await sleep(pause * 2 ** (attempt - 1));
    }
  }
}

async function downloadOnce(location: string, what: string, maxBytes: number): Promise<Uint8Array> {
  // Node's own fetch knows no proxy; the toolkit reads HTTPS_PROXY and NO_PROXY as every other action does.
  const dispatcher = new HttpClient().getAgentDispatcher(location);
  const response = await fetch(location, {
    signal: AbortSignal.timeout(timeoutMs),
    ...(dispatcher && { dispatcher }),
  });
  if (response.status === 404 || response.status === 410) throw new NotFound(what);
  if (response.status >= 500 || [408, 429].includes(response.status))
    throw new Error(`the store answered ${response.status}`);
  if (!response.ok || response.body === null) {
    throw new Stopped('api-unavailable', `The store answered ${response.status} for ${what}.`);
  }
  return readBounded(response.body, what, maxBytes);
}

async function readBounded(
  body: AsyncIterable<Uint8Array>,
  what: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Stopped('artifact-invalid', `${what} is larger than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
