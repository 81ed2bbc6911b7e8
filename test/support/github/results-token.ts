import { createHash } from 'node:crypto';
import type { Run } from './state.ts';

/** The ids by which Actions' results service knows an attempt of a run and its job. */
export interface BackendIds {
  run: string;
  job: string;
}

/** Backend ids of an attempt. Each attempt has others, and neither is the run's database id. */
export function backendIds(run: Run): BackendIds {
  return { run: uuid(`run ${run.id} ${run.attempt}`), job: uuid(`job ${run.id} ${run.attempt}`) };
}

/** The token of the results service: a JWT whose `scp` names run and job. Nobody signs it here. */
export function jobToken(run: Run): string {
  const { run: backendRun, job } = backendIds(run);
  const claims = { scp: `Actions.ExampleScope Actions.Results:${backendRun}:${job}` };
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
}

function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => hex.slice(ends[index - 1] ?? 0, end))
    .join('-');
}
