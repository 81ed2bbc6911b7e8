import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noTools } from '../../../src/codex/box/tools.ts';
import { planArguments } from '../../../src/codex/configuration.ts';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import { withSession } from '../../../src/codex/session.ts';
import { say } from '../../support/model/index.ts';
import { defaultSettings, onRamDisk, PLAN } from '../setting.ts';
import { hostileRepository, SENTINEL } from './hostile-repository.ts';

const { setting } = onRamDisk;

describe('what a pull request can say to Codex', () => {
  it('does not reach the model or start anything while a plan is made', async () => {
    let home: string[] = [];
    const { options, model } = await setting({
      plan: ({ turn }) => {
        const [session = ''] = readdirSync(options.temporary);
        home = readdirSync(join(options.temporary, session, 'home'));
        return turn === 0 ? callIn('/workspace/src/deep', 'true') : PLAN;
      },
    });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await planner.propose({
      workspace: hostileRepository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    });
    expect(model.calls).toHaveLength(2);
    expect(model.calls.map(({ text }) => text).join()).not.toContain(SENTINEL);
    expect(home).not.toContain('mark');
  });

  it('does not reach the model or start anything while a plan is carried out', async () => {
    const { options, model } = await setting({
      edit: [callIn('/workspace/src/deep', 'true'), say('done')],
    });
    const workspace = hostileRepository();
    await createEditor({ ...options, settings: defaultSettings }).carryOut({
      workspace,
      prompt: 'Do it\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    });
    expect(model.calls).toHaveLength(2);
    expect(model.calls.map(({ text }) => text).join()).not.toContain(SENTINEL);
    expect(existsSync(join(workspace, 'mark'))).toBe(false);
  });

  it('would reach a model whose Codex reads project files: these tests could see it', async () => {
    const { options, model } = await setting({ plan: [PLAN], edit: [PLAN] });
    const workspace = hostileRepository();
    await withSession(options, { workspace, writable: true }, async ({ codex, run: runCodex }) => {
      const { choice } = options;
      const surroundings = { codexRoot: codex.rootInBox, choice, tools: noTools };
      const args = planArguments(surroundings, '/s.json', 'Plan.')
        .map((flag) => flag.replace('"untrusted"', '"trusted"'))
        .filter((flag) => !/project_doc|skills=/.test(flag))
        .filter((flag, i, all) => flag !== '-c' || all[i + 1]?.includes('='))
        .filter((flag, i, all) => flag !== '--output-schema' && all[i - 1] !== '--output-schema');
      await runCodex(args, { input: 'Plan', onLine: () => {} }).ended;
    });
    expect(model.calls.map(({ text }) => text).join()).toContain(SENTINEL);
    // Nothing starts even then: Codex itself finds an empty folder where the workspace is.
    expect(existsSync(join(workspace, 'mark'))).toBe(false);
  });
});

/** A command in a folder of its own. */
function callIn(workdir: string, cmd: string) {
  return {
    type: 'function_call',
    name: 'exec_command',
    arguments: JSON.stringify({ cmd, workdir }),
  };
}
