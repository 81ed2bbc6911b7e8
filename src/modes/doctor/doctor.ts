/**
 * Mode doctor: looks at the whole set-up and says what is wrong with it, before somebody runs into a refusal. It asks
 * no model, changes nothing, and decides nothing. Each probe may lack the right to look: then its line says so.
 */

import { canonicalJson } from '../../core/text/json.ts';
import { Stopped } from '../../decision.ts';
import { commonInputs, inputSchema, optional } from '../../inputs.ts';
import {
  type CheckLine,
  countMarks,
  logCheckTable,
  renderCheckTable,
} from '../../report/check-table.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { type DoctorTools, gatherFacts } from './facts.ts';
import { ask } from './probe.ts';
import { probes } from './probes/index.ts';

export const doctor = defineMode({
  inputs: inputSchema({ ...commonInputs, 'codex-version': optional, 'codex-path': optional }),
  needs: [
    'run',
    'clock',
    'policy',
    'people',
    'authority',
    'setUp',
    'machine',
    'expressions',
    'log',
    'report',
    'keepForLaterSteps',
  ],
  run: async (tools, { label, artifactPrefix }) => {
    checkEvent(tools);
    const lines = await examine(tools, { label, artifactPrefix });
    for (const each of logCheckTable(lines)) tools.log.progress(each);
    tools.log.summarise(renderCheckTable(lines));
    await keep(tools, lines);
    const broken = lines.filter(({ mark }) => mark === '✗').map(({ about }) => about);
    if (broken.length > 0)
      throw new Stopped('unhealthy', `${countMarks(lines)} ${broken.join('; ')}.`);
    return { decision: 'healthy', detail: countMarks(lines) };
  },
});

/** Nobody without the right to write can start one of these. */
function checkEvent({ run: { trigger } }: Uses<'run'>): void {
  if (['dispatch', 'schedule', 'push'].includes(trigger.kind)) return;
  throw new Stopped('unsupported-event', 'Mode doctor runs on workflow_dispatch or schedule.');
}

/** One after the other: the answers of an earlier probe are not asked for again. */
async function examine(
  tools: DoctorTools,
  names: Parameters<typeof gatherFacts>[1],
): Promise<readonly CheckLine[]> {
  const facts = gatherFacts(tools, names);
  const lines: CheckLine[] = [];
  for (const probe of probes) lines.push(...(await ask(probe, facts)));
  return lines;
}

async function keep(
  { keepForLaterSteps, report, run }: Uses<'keepForLaterSteps' | 'report' | 'run'>,
  lines: readonly CheckLine[],
): Promise<void> {
  const { id, owner, name } = run.repository;
  const record = {
    schema: 'codex-doctor/v1',
    repository: { id, full_name: `${owner}/${name}` },
    run: { id: run.id, attempt: run.attempt },
    healthy: lines.every(({ mark }) => mark !== '✗'),
    lines,
  };
  const content = Buffer.from(canonicalJson(JSON.parse(JSON.stringify(record).toWellFormed())));
  const folder = await keepForLaterSteps('doctor', new Map([['doctor.json', content]]));
  report.note({ evidencePath: folder });
}
