/**
 * Mode audit: replays everything that was recorded about a pull request, and says what holds, what rests on GitHub's
 * word, and what nothing proves. It reads, and writes nothing to GitHub.
 */

import { Absences } from '../../core/audit/absent.ts';
import type { FoundArtifact } from '../../core/audit/artifact.ts';
import { type Audit, audit as replay } from '../../core/audit/audit.ts';
import { checkCommits } from '../../core/audit/commits.ts';
import { checkLabelEvents, checkOrigins, checkStillLabelled } from '../../core/audit/github.ts';
import { Ledger } from '../../core/audit/ledger.ts';
import { Stopped } from '../../decision.ts';
import { readUntil } from '../../evidence/lag.ts';
import { commonInputs, inputSchema, optional } from '../../inputs.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import { auditFiles } from '../../report/audit-files.ts';
import { several } from '../../report/words.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';

export const audit = defineMode({
  inputs: inputSchema({ ...commonInputs, evidence: optional }),
  needs: [
    'run',
    'provenance',
    'authority',
    'collection',
    'folders',
    'label',
    'pullRequests',
    'log',
    'report',
    'keepForLaterSteps',
  ],
  run: async (tools, { evidence, pullRequest, artifactPrefix }) => {
    if (evidence !== undefined) return auditFolder(tools, evidence);
    const number = pullRequest ?? tools.run.trigger.pullRequest;
    if (number === null) {
      throw new Stopped(
        'config-invalid',
        'The event names no pull request: set the input pull-request or evidence.',
      );
    }
    tools.report.note({ pullRequest: number });
    await tools.provenance.checkTrustedRun();
    await tools.authority.authoriseCommenter();
    return auditPullRequest(tools, number, `${artifactPrefix}-plan`);
  },
});

type ReportTools = Uses<'log' | 'report' | 'keepForLaterSteps'>;

async function auditFolder(
  tools: ReportTools & Uses<'folders'>,
  folder: string,
): Promise<ModeResult> {
  const { artifacts, strange } = tools.folders(folder);
  const ledger = new Ledger();
  for (const sentence of strange) ledger.check('files', false, sentence);
  const found = artifacts.map((one) => ({ ...one, stored: null }));
  tools.log.progress('origin not proven');
  return publish(tools, replay(found, 'not proven', ledger), []);
}

type GitHubTools = Uses<'collection' | 'label' | 'pullRequests' | 'run'>;

/**
 * GitHub's list of artifacts may not yet have what the last step stored. So if the artifacts are consistent, but do not
 * explain what GitHub says about commits and labels, everything is read again for some seconds.
 */
async function auditPullRequest(
  tools: ReportTools & GitHubTools,
  number: number,
  context: string,
): Promise<ModeResult> {
  const { result, sources } = await readUntil(
    () => replayPullRequest(tools, number, context),
    ({ result, holds }) => !holds || result.findings.length === 0,
  );
  return publish(tools, result, sources);
}

/** @throws Stopped plan-missing */
async function replayPullRequest(
  tools: GitHubTools,
  number: number,
  context: string,
): Promise<{
  readonly result: Audit;
  readonly sources: readonly FoundArtifact[];
  /** Whether the artifacts are consistent, without GitHub's facts. */
  readonly holds: boolean;
}> {
  const ledger = new Ledger();
  const { artifacts, broken, absent, left } = await tools.collection.collect(number);
  for (const sentence of broken) ledger.check('records', false, sentence);
  for (const sentence of left) ledger.unproven(sentence);
  if (artifacts.length + broken.length + absent.artifacts.length === 0) {
    throw new Stopped(
      'plan-missing',
      'GitHub lists no evidence of this pull request. It deletes evidence after its retention.',
    );
  }
  const { artifacts: read, ...found } = replay(artifacts, 'proven', ledger, absent);
  const holds = ledger.findings.length === 0;
  const target = { repository: tools.run.repository.id, pullRequest: number };
  checkOrigins(read, target, ledger);
  const { events } = await tools.label.readLog(number);
  checkLabelEvents(read, events, tools.label.name, ledger);
  checkStillLabelled(read, events, ledger);
  const { commits } = await tools.pullRequests.readHead(number, context);
  checkCommits(read, commits, new Absences(read, absent), ledger);
  return { result: { ...found, ...listsOf(ledger), artifacts: read }, sources: artifacts, holds };
}

/** The lists grow after the replay: GitHub is asked about what it found. */
function listsOf(ledger: Ledger) {
  const { findings, recomputed, toldByGitHub, notProvable } = ledger;
  return { findings, recomputed, toldByGitHub, notProvable };
}

/**
 * @param sources artifacts that are stored beside the report, because they exist only on GitHub so far
 * @throws Stopped evidence-inconsistent; plan-expired if nothing is left that could be consistent
 */
async function publish(
  { log, report, keepForLaterSteps }: ReportTools,
  result: Audit,
  sources: readonly FoundArtifact[],
): Promise<ModeResult> {
  const { files, markdown } = auditFiles(result);
  const evidence = sources.flatMap(({ name, members, stored }) =>
    [...members].map(([file, content]): [string, Uint8Array] => [
      `evidence/${stored?.id}-${name.split(' ')[0]}/${file}`,
      content,
    ]),
  );
  const kept = new Map([
    ...[...files].map(([path, content]): [string, Uint8Array] => [`audit/${path}`, content]),
    ...evidence,
  ]);
  report.note({ evidencePath: await keepForLaterSteps('audit', kept) });
  log.summarise(markdown);
  const [first] = result.findings;
  if (first !== undefined) {
    for (const finding of result.findings) log.warn(finding);
    const more = result.findings.length > 1 ? ` (and ${result.findings.length - 1} more)` : '';
    throw new Stopped('evidence-inconsistent', `${first}${more}`);
  }
  if (result.artifacts.length === 0) {
    throw new Stopped(
      'plan-expired',
      'GitHub has deleted all evidence of this pull request after its retention, so nothing is left to audit.',
    );
  }
  const checks = result.recomputed.reduce((sum, { times }) => sum + times, 0);
  return {
    decision: result.origin === 'proven' ? 'audited' : 'consistent',
    detail: `${several(result.artifacts.length, 'artifact is', 'artifacts are')} consistent in ${several(checks, 'check')}.`,
  };
}
