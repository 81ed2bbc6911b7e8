import { describe, expect, it } from 'vitest';
import { noTools } from '../../src/codex/box/tools.ts';
import {
  checkModelChoice,
  editorArguments,
  planArguments,
  probeArguments,
} from '../../src/codex/configuration.ts';
import { Stopped } from '../../src/decision.ts';

const unset = { model: null, effort: null };
const plain = { codexRoot: '/opt/codex', choice: unset, tools: noTools };

const shared = [
  ...['-c', 'default_permissions="gate"'],
  ...[
    '-c',
    'permissions.gate.filesystem={":minimal"="read",":workspace_roots"={"."="read"},"/opt/codex"="read"}',
  ],
  ...['-c', 'projects={"/workspace"={trust_level="untrusted"}}'],
  ...['-c', 'project_doc_max_bytes=0'],
  ...['-c', 'skills={include_instructions=false}'],
  ...['-c', 'web_search="disabled"'],
  ...['-c', 'agents={enabled=false}'],
  ...['-c', 'analytics={enabled=false}'],
  ...['-c', 'allow_login_shell=false'],
  ...[
    '-c',
    'shell_environment_policy={inherit="none",set={PATH="/opt/codex/codex-path:/usr/local/bin:/usr/bin:/bin",HOME="/tmp",SHLVL="2"}}',
  ],
  ...['--disable', 'multi_agent', '--disable', 'goals', '--disable', 'apps'],
  ...['--disable', 'plugins', '--disable', 'hooks', '--disable', 'shell_snapshot'],
  ...['--disable', 'view_image', '--disable', 'sleep_tool'],
  ...['-c', 'model_provider="gate"'],
  ...[
    '-c',
    'model_providers.gate={name="gate",base_url="http://127.0.0.1:8787/v1",wire_api="responses",env_key="CODEX_GATE_TOKEN"}',
  ],
];

describe('the flags of Codex', () => {
  it('are exactly these for a plan', () => {
    const rules = 'Say "no".\n\tAlways.';
    expect(planArguments(plain, '/codex-home/schema.json', rules)).toEqual([
      ...['exec', '-', '--json', '--ephemeral', '--ignore-rules'],
      ...['--strict-config', '--skip-git-repo-check', '--color', 'never'],
      ...['-C', '/workspace', '--output-schema', '/codex-home/schema.json'],
      ...shared,
      ...['-c', 'developer_instructions="Say \\"no\\".\\n\\tAlways."'],
    ]);
  });

  it.each([
    ['edit by patches', 'read'],
    ['edit by commands too', 'write'],
  ] as const)('are exactly these for the app server, to %s', (access, workspace) => {
    const profile = `{":root"="read",":workspace_roots"={"."="${workspace}"}}`;
    expect(editorArguments(plain, access)).toEqual([
      'app-server',
      '--strict-config',
      ...shared.map((flag) =>
        flag.startsWith('permissions.') ? `permissions.gate.filesystem=${profile}` : flag,
      ),
    ]);
  });

  it('show the tools of the project to a plan, and put them first on the path of commands', () => {
    const tools = {
      shown: [{ name: 'go/1.2.3/x64', folder: '/cache/go/1.2.3/x64', real: '/real' }],
      path: ['/cache/go/1.2.3/x64/bin'],
      variables: { GOROOT: '/cache/go/1.2.3/x64' },
      refused: [],
    };
    const flags = planArguments({ ...plain, tools }, '/s.json', '');
    const profile =
      '{":minimal"="read",":workspace_roots"={"."="read"},"/opt/codex"="read","/cache/go/1.2.3/x64"="read"}';
    expect(flags).toContain(`permissions.gate.filesystem=${profile}`);
    const path = '/cache/go/1.2.3/x64/bin:/opt/codex/codex-path:/usr/local/bin:/usr/bin:/bin';
    expect(flags).toContain(
      `shell_environment_policy={inherit="none",set={PATH="${path}",HOME="/tmp",SHLVL="2",GOROOT="/cache/go/1.2.3/x64"}}`,
    );
  });

  it('probe the sandbox under the same profile', () => {
    expect(probeArguments('/opt/codex', noTools)).toEqual([
      'sandbox',
      ...shared.slice(0, 4),
      ...['-P', 'gate', '-C', '/workspace', '--', '/bin/true'],
    ]);
  });

  it('name the model and the effort that were asked for', () => {
    const choice = { model: 'gpt-5.5', effort: 'high' };
    expect(editorArguments({ ...plain, choice }, 'edit by patches').slice(-4)).toEqual([
      ...['-c', 'model="gpt-5.5"'],
      ...['-c', 'model_reasoning_effort="high"'],
    ]);
  });
});

describe('the choice of a model', () => {
  it.each(['gpt-5.5', 'o3', 'openai/gpt-5.1-codex-max', 'my_deployment:2'])(
    'may be %s',
    (model) => {
      expect(() => checkModelChoice({ model, effort: null })).not.toThrow();
    },
  );

  it.each([
    '',
    '-m',
    '--dangerously-bypass-approvals-and-sandbox',
    'a"\nsandbox_mode="danger-full-access',
    'a b',
    'a\\',
    'x'.repeat(101),
    'ｇpt',
  ])('may not be %j', (model) => {
    expect(() => checkModelChoice({ model, effort: null })).toThrow(Stopped);
  });

  it.each(['', 'High', 'low"', 'xhigh\n', 'a'.repeat(21)])('takes no effort %j', (effort) => {
    expect(() => checkModelChoice({ model: null, effort })).toThrow(Stopped);
  });
});
