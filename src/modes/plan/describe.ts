/** Lines of the log about a request and its plan. */

import type { Plan } from '../../core/plan/plan.ts';
import type { Person } from '../../core/records/fields.ts';
import type { Toolchain } from '../../ports/agent.ts';
import { several } from '../../report/words.ts';
import type { Request } from './request.ts';

/** @param startedBy whoever started the run, who may ask */
export function describeRequest({ verb, requester, text }: Request, startedBy: Person): string {
  const again = startedBy.id === requester.id ? '' : `, started again by ${startedBy.login}`;
  return `${verb} by ${requester.login}${again}, ${text.length} characters`;
}

/** `2 modify, 1 create, 3 steps` */
export function describeScope({ files, steps }: Plan): string {
  const counts = (['modify', 'create', 'delete'] as const)
    .map((operation) => ({
      operation,
      number: files.filter((file) => file.operation === operation).length,
    }))
    .filter(({ number }) => number > 0)
    .map(({ operation, number }) => `${number} ${operation}`);
  return [...counts, several(steps.length, 'step')].join(', ');
}

/** The Codex version, model, effort and tools that made the plan. */
export function describeToolchain({ version, model, effort, tools }: Toolchain): string {
  const shown = tools.length === 0 ? 'no tools of the job' : `tools ${tools.join(', ')}`;
  return `Codex ${version}, model ${model}${effort === null ? '' : `, effort ${effort}`}, ${shown}`;
}
