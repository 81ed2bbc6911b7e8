import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import type { CodexSettings } from '../../../src/core/policy/codex-settings.ts';
import { assess, create, patch, say, update } from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { defaultSettings, onRamDisk, PLAN } from '../setting.ts';

const { folder, repository, setting } = onRamDisk;

/** A folder as an administrator would keep it in `/etc/codex`. */
function administration(files: Record<string, string>): string {
  const path = folder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return path;
}

async function carryOut(files: Record<string, string>, changes: Partial<CodexSettings> = {}) {
  const script = {
    edit: [patch(create('evil.txt', 'x')), patch(update('a.txt', 'hello', 'hi')), say('done')],
    guardian: () => assess('allow'),
  };
  const { options, model } = await setting(script, { administration: administration(files) });
  const settings = { ...defaultSettings, ...changes };
  const report = createEditor({ ...options, settings }).carryOut({
    workspace: repository(),
    prompt: 'Greet\n',
    plan: PLAN,
    instructions: null,
    struck: [],
    judge: ({ path }) =>
      path === 'a.txt' ? null : { reason: 'outside-plan', detail: 'The plan does not name it.' },
  });
  return { report, model };
}

/** Requirements that agree, and defaults for people at a terminal that do not. */
const agreed = once(async () => {
  const { report } = await carryOut({
    'requirements.toml':
      'allowed_approval_policies = ["on-request"]\nallowed_approvals_reviewers = ["user"]\nallowed_sandbox_modes = ["read-only"]',
    'config.toml': 'approval_policy = "never"\nmodel = "x"\nnonsense = 1',
  });
  return report;
});

const guardian = { approvals: { policy: 'on-request', reviewer: 'auto_review' } } as const;

describe("an administrator's requirement", () => {
  it.each([
    ['the policy', 'allowed_approval_policies = ["never"]', {}, /policy is on-request.* never/],
    ['the reviewer', 'allowed_approvals_reviewers = ["user"]', guardian, /auto_review.* user/],
    ['the guardian', '[features]\nguardian_approval = false', guardian, /forbids the guardian/],
  ])('against %s ends the run before any model is called', async (_, toml, changes, said) => {
    const { report, model } = await carryOut({ 'requirements.toml': toml }, changes);
    await expect(report).rejects.toMatchObject({
      reason: 'config-invalid',
      message: expect.stringMatching(said),
    });
    expect(model.calls).toEqual([]);
  });

  it('in the older file counts alike', async () => {
    const { report, model } = await carryOut({
      'managed_config.toml': 'approval_policy = "never"',
    });
    await expect(report).rejects.toMatchObject({ reason: 'config-invalid' });
    expect(model.calls).toEqual([]);
  });

  it('may be let pass, is told of, and the gate holds all the same', async () => {
    const { report, model } = await carryOut(
      { 'requirements.toml': 'allowed_approvals_reviewers = ["user"]' },
      { ...guardian, onOverride: 'warn' },
    );
    const { declined, warnings, assessments } = await report;
    expect(declined.map(({ path }) => path)).toEqual(['evil.txt']);
    expect(assessments).toEqual([]);
    expect(model.callsOf('guardian')).toEqual([]);
    expect(warnings.join('\n')).toMatch(/reviewer is auto_review.*makes it user/);
    expect(warnings.join('\n')).toMatch(/disallowed by requirements/);
  });

  it('is not let pass if nothing could be changed under it', async () => {
    const { report, model } = await carryOut(
      { 'requirements.toml': 'allowed_approval_policies = ["never"]' },
      { onOverride: 'warn' },
    );
    await expect(report).rejects.toMatchObject({ reason: 'config-invalid' });
    expect(model.calls).toEqual([]);
  });

  it.each([
    [
      'the permission profile',
      'default_permissions = ":read-only"\n[allowed_permission_profiles]\n":read-only" = true\ngate = false',
    ],
    ['the model provider', 'model_provider = "openai"'],
  ])('that replaces %s is never let pass', async (_, toml) => {
    const files = { 'requirements.toml': toml };
    const { report, model } = await carryOut(files, { onOverride: 'warn' });
    await expect(report).rejects.toMatchObject({ reason: 'config-invalid' });
    expect(model.calls).toEqual([]);

    const { options } = await setting({ plan: [PLAN] }, { administration: administration(files) });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const task = {
      workspace: repository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    } as const;
    await expect(planner.propose(task)).rejects.toMatchObject({ reason: 'config-invalid' });
  });

  it('that cannot be read ends the run', async () => {
    const { report, model } = await carryOut({
      'requirements.toml': 'allowed_approval_policies = [',
    });
    await expect(report).rejects.toMatchObject({
      reason: expect.stringMatching(/codex-failed|sandbox-unavailable|config-invalid/),
    });
    expect(model.calls).toEqual([]);
  });

  it('that agrees changes nothing', async () => {
    expect(await agreed()).toMatchObject({ warnings: [], declined: [{ path: 'evil.txt' }] });
  });
});

it("the machine's defaults for people at a terminal do not count", async () => {
  const { warnings, declined, toolchain } = await agreed();
  expect({ warnings, declined }).toMatchObject({ warnings: [], declined: [{ path: 'evil.txt' }] });
  expect(toolchain.model).toBe('gpt-5.5');
});

it.each([
  ['never', { policy: 'never', reviewer: 'user' }],
  ['untrusted with nobody to ask', { policy: 'untrusted', reviewer: 'user' }],
] as const)('a policy of %s ends the run before any model is called', async (_, approvals) => {
  const { report, model } = await carryOut({}, { approvals });
  await expect(report).rejects.toMatchObject({ reason: 'config-invalid' });
  expect(model.calls).toEqual([]);
});
