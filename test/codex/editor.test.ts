import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEditor } from '../../src/codex/editor.ts';
import type { Judge } from '../../src/plan/attempts.ts';
import { create, patch, say, update } from '../support/model/index.ts';
import { defaultSettings, PLAN, repository, setting } from './setting.ts';

/** Approves exactly these paths, whatever the operation. */
const only =
  (...paths: string[]): Judge =>
  ({ path }) =>
    paths.includes(path) ? null : { reason: 'outside-plan', detail: 'The plan does not name it.' };

describe('the editor', () => {
  it('changes what is approved, and declines the rest', async () => {
    const { options } = await setting({
      edit: [
        patch(update('a.txt', 'hello', 'hello world')),
        patch(create('b.txt', 'no')),
        say('done'),
      ],
    });
    const workspace = repository();
    const report = await createEditor({ ...options, settings: defaultSettings }).carryOut({
      workspace,
      prompt: 'Greet\n',
      plan: PLAN,
      judge: only('a.txt'),
    });
    expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('hello world\n');
    expect(report.declined.map(({ path }) => path)).toEqual(['b.txt']);
  });
});
