/** What comes in place of an artifact: other bytes are asked for again, and are never read. */
import { tmpdir } from 'node:os';
import { beforeEach, expect, it } from 'vitest';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import type { StoredArtifact } from '../../src/ports/artifacts.ts';
import { present } from '../support/present.ts';
import { zip } from '../support/zip.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const name = 'codex-plan-1';
const content = zip([{ name: 'a.txt', content: 'a' }]);
const lag = { pause: 1, attempts: 2 };
let artifacts: GitHubArtifacts;
let artifact: StoredArtifact;

beforeEach(async () => {
  stage.repo.artifacts.add({ name, run: stage.job.run, content });
  artifacts = new GitHubArtifacts(stage.client, tmpdir(), stage.job, undefined, lag);
  artifact = present((await artifacts.find([name], 'newest'))[0]);
});

const downloads = () => stage.github.requests.filter(({ service }) => service === 'storage').length;
const spoil = (times: number) =>
  stage.github.fault({ path: /^\/artifacts\/\d+\.zip/, garbage: 'malformed', times });

it('is asked for again if something else came once or twice', async () => {
  const fault = spoil(2);
  expect([...(await artifacts.read(artifact)).keys()]).toEqual(['a.txt']);
  expect(fault.hits).toBe(2);
  expect(downloads()).toBe(3);
});

it('is trouble that passes if a page comes for good', async () => {
  spoil(Number.POSITIVE_INFINITY);
  await expect(artifacts.read(artifact)).rejects.toMatchObject({ reason: 'api-unavailable' });
  expect(downloads()).toBe(3);
});

it('is not the recorded one if another archive comes for good', async () => {
  const stored = stage.repo.artifacts.newest(name);
  stage.repo.artifacts.corrupt(stored, zip([{ name: 'a.txt', content: 'b' }]));
  await expect(artifacts.read(artifact)).rejects.toMatchObject({ reason: 'digest-mismatch' });
  expect(downloads()).toBe(3);
});
