/**
 * One planner in a process of its own: run by tests that need another user, or one that can be killed.
 * Arguments: the endpoint, the workspace, a temporary folder.
 */
import { createPlanner } from '../../src/codex/planner/planner.ts';
import { codex } from './setting.ts';

const [endpoint = '', workspace = '', temporary = ''] = process.argv.slice(2);
const planner = createPlanner({
  codex,
  apiKey: 'sk-of-the-other-process',
  endpoint,
  choice: { model: 'gpt-5.5', effort: null },
  temporary,
  timeoutMs: 120_000,
  report: () => {},
  tools: false,
  enforcement: 'before-write',
});
const { answer } = await planner.propose({
  workspace,
  prompt: 'Plan\n',
  anchor: null,
  purpose: 'plan',
  instructions: null,
  struck: [],
});
console.log(answer);
