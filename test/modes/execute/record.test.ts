import { expect, it } from 'vitest';
import { recordExecution, recordStop } from '../../../src/modes/execute/record.ts';
import { contents, execution, labelEvent } from '../../core/samples.ts';
import { objectId } from '../../support/object-ids.ts';
import { MemoryArtifacts } from '../../support/story.ts';
import { buildTools } from '../../support/tools.ts';
import { approvedWithoutRoom } from '../../support/valid-approval.ts';

const stopping = (error: Error) => {
  const artifacts = new MemoryArtifacts();
  artifacts.publish = () => Promise.reject(error);
  const tools = buildTools({ artifacts });
  const recorded = { execution, journal: contents['journal.jsonl'], actor: labelEvent.actor };
  const done = recordStop(tools, recorded, 'label-missing');
  return { tools, done };
};

it('that a commit was stopped is a warning if the disk is too full to record it', async () => {
  const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
  const { tools, done } = stopping(full);
  await done;
  expect(tools.warnings).toEqual([
    expect.stringMatching(
      /^It could not be recorded that commit .+ was stopped\. .+ The runner's disk is full/,
    ),
  ]);
});

it('that a commit was stopped is recorded although there is no room for later steps', async () => {
  const { tools, stored } = await approvedWithoutRoom();
  const recorded = { execution, journal: contents['journal.jsonl'], actor: labelEvent.actor };
  await recordStop(tools, recorded, 'label-missing');
  expect(stored()).toEqual(['codex-execution-12']);
});

it('a commit is not recorded without room for later steps: then it is not made', async () => {
  const { tools, approved, full, stored } = await approvedWithoutRoom();
  const { artifact } = approved.plan;
  const ids = { commit: objectId('c'), tree: objectId('d') };
  const recording = recordExecution(tools, approved, { ...ids, verification: { artifact } });
  await expect(recording).rejects.toBe(full);
  expect(stored()).toEqual([]);
});

it('a mistake of ours is no warning', async () => {
  await expect(stopping(new TypeError('x')).done).rejects.toThrow(TypeError);
});
