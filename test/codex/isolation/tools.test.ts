import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import {
  type Item,
  type ModelCall,
  outputs,
  patch,
  say,
  tools,
  update,
} from '../../support/model/index.ts';
import { catalogue, defaultSettings, onRamDisk, PLAN } from '../setting.ts';
import { hostileRepository, SENTINEL } from './hostile-repository.ts';

const { repository, setting } = onRamDisk;

describe('the tools of a model', () => {
  const DIRECT = ['exec_command', 'write_stdin', 'request_user_input', 'apply_patch'];
  const THROUGH_CODE = [
    ...['functions.exec', 'functions.exec apply_patch', 'functions.exec exec_command'],
    // Of servers that are not there.
    ...['functions.exec list_mcp_resource_templates', 'functions.exec list_mcp_resources'],
    ...['functions.exec read_mcp_resource', 'functions.exec write_stdin'],
    ...['functions.wait', 'functions.request_user_input'],
  ];
  const GPT_6 = [...THROUGH_CODE, 'functions.exec clock__curr_time'];
  const expected = (model: string) => {
    if (model === 'gpt-5.5') return DIRECT;
    if (!model.startsWith('gpt-6')) return THROUGH_CODE;
    const asynchronous = ['functions.request_user_input_async'];
    // The default model of this version is the first that may also speak in the middle of its turn.
    if (model.startsWith('gpt-6.2')) asynchronous.push('functions.send_message_to_user_async');
    return [...GPT_6, ...asynchronous];
  };

  const models = catalogue();
  const family = (model: string) => expected(model).join();
  /**
   * The first model of each family speaks for the others about the editor, which has the planner's configuration, and about
   * skills; and the default model speaks for all about the editor and skills.
   */
  const first = models.filter((one, at) => !models.slice(0, at).map(family).includes(family(one)));

  it.each([null, ...models])('%s are exactly these, and no file adds any', async (model) => {
    const { options, model: scripted } = await setting(
      { plan: [PLAN], edit: ['done'] },
      { choice: { model, effort: null } },
    );
    const speaks = model === null || first.includes(model);
    const workspace = hostileRepository({ skills: speaks });
    const edited = hostileRepository({ skills: model === null });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const editor = createEditor({ ...options, settings: defaultSettings });
    await Promise.all([
      planner.propose({
        workspace,
        prompt: 'Plan\n',
        anchor: null,
        purpose: 'plan',
        instructions: null,
        struck: [],
      }),
      speaks &&
        editor.carryOut({
          workspace: edited,
          prompt: 'Do it\n',
          plan: PLAN,
          instructions: null,
          struck: [],
          judge: () => null,
        }),
    ]);
    const callers = scripted.calls.map(({ caller }) => caller).sort();
    expect(callers).toEqual(speaks ? ['edit', 'plan'] : ['plan']);
    for (const call of scripted.calls) {
      expect(tools(call).sort()).toEqual(expected(call.model).sort());
      expect(call.text).not.toContain(SENTINEL);
    }
    for (const place of [workspace, edited]) expect(existsSync(join(place, 'mark'))).toBe(false);
  });
});

describe('a sub-agent', () => {
  /** What the newer models call to have one. */
  const spawnAgent: Item = {
    type: 'function_call',
    namespace: 'collaboration',
    name: 'spawn_agent',
    arguments: JSON.stringify({ task_name: 'sub', message: 'Do half of it', fork_turns: 'none' }),
  };
  const choice = { model: null, effort: null };

  it('is not to be had while a plan is made', async () => {
    const { options, model } = await setting({ plan: [spawnAgent, PLAN] }, { choice });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await planner.propose({
      workspace: repository(),
      prompt: 'Plan\n',
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    });
    expect(model.calls).toHaveLength(2);
    expect(outputs(model.calls[1] as ModelCall)).toEqual([expect.stringContaining('unsupported')]);
  });

  it('is not to be had while a plan is carried out', async () => {
    const steps = [spawnAgent, patch(update('a.txt', 'hello', 'hi')), say('done')];
    const { options, model } = await setting({ edit: steps }, { choice });
    const workspace = repository();
    const editor = createEditor({ ...options, settings: defaultSettings });
    await editor.carryOut({
      workspace,
      prompt: 'Do it\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    });
    expect(model.calls).toHaveLength(3);
    expect(outputs(model.calls[1] as ModelCall)).toEqual([expect.stringContaining('unsupported')]);
    expect(readFileSync(join(workspace, 'a.txt'), 'utf8')).toBe('hi\n');
  });
});
