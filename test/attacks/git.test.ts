/** git: nothing that a pull request or the job's environment says makes it run, write or see anything else. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import { readArchive } from '../../src/github/archive.ts';
import { recordGit, settings } from '../git/recorder.ts';
import {
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  status,
  uploads,
} from '../support/attack.ts';
import type { Files } from '../support/github/index.ts';
import {
  exampleEdit,
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { shareLoop } from '../support/loop/shared.ts';
import { assess, create, type Item, patch, run, say, update } from '../support/model/index.ts';

/** For all tests that need no other settings; each begins in it as it was at first. */
let shared: Loop;
let fresh: () => void;
let loop: Loop;

beforeAll(async () => {
  ({
    loop: shared,
    states: { fresh },
  } = await shareLoop('fresh'));
});
beforeEach(() => {
  fresh();
  loop = shared;
});
afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  if (loop !== shared) await loop.close();
});

/** What Codex did is on record, and the pages and the status say so. */
const denied = [labelOff, comments, commentEdit, status, ...uploads];

const planJson = async () => {
  const members = await readArchive(loop.repo.artifacts.list().at(0)?.content ?? Buffer.alloc(0));
  return JSON.parse(Buffer.from(members.get('manifest.json') ?? []).toString());
};

/** A pull request with these files, planned. */
async function planned(files: Files, head = 'hostile') {
  const pull = loop.repo.openPullRequest({ author: 'frank', head, files });
  const request = loop.repo.as('alice').comment(pull.number, '/codex add a tax');
  const result = await loop.step('plan', request);
  return { pull, result };
}

describe('the name of a branch', () => {
  it('is data, whatever it is', async () => {
    const names = [
      '--output=pwned',
      '--upload-pack=touch${IFS}pwned',
      '$(touch${IFS}pwned)',
      '`touch${IFS}pwned`;a|b',
      'main\u3000--output=pwned',
      '\u202egnp',
    ];
    for (const head of names) {
      const job = await planned({ 'docs/x.md': `${head}\n` }, head);
      expect(job.result.reason, head).toBe('ok');
      expect((await planJson()).head.ref).toBe(head);
      const { body } = loop.repo.pull(job.pull.number).comments.at(-1) ?? { body: '' };
      expect(body).not.toMatch(/[\u202a-\u202e]/);
    }
    expect(existsSync('pwned')).toBe(false);
    for (const { path, raw } of loop.github.requests.filter(({ service }) => service === 'git')) {
      expect(path).not.toContain('pwned');
      expect(raw.toString('latin1')).not.toContain('pwned');
    }
  });
});

describe('attributes and modules of the pull request', () => {
  it('change neither what is hashed nor what is merged, and run nothing', async () => {
    const plain = await planned({
      'src/cart.ts': 'export const total = 1;\n',
      'a.txt': '$Id$\r\nx\n',
    });
    expect(plain.result.reason).toBe('ok');
    const before = await planJson();
    const marked = await planned(
      {
        'src/cart.ts': 'export const total = 1;\n',
        'a.txt': '$Id$\r\nx\n',
        '.gitattributes': [
          '* text eol=crlf ident diff=evil merge=evil working-tree-encoding=UTF-16',
          '[attr]evil filter=evil',
          'a.txt evil',
          'src/** export-ignore',
        ].join('\n'),
        'src/.gitattributes': 'other.ts filter=evil\n',
        '.gitmodules':
          '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% pwned\n\tupdate = !touch pwned\n',
        x: { gitlink: 'a'.repeat(40) },
        '.lfsconfig': '[lfs]\n\turl = http://evil.example\n',
      },
      'marked',
    );
    expect(marked.result.reason).toBe('ok');
    const after = await planJson();
    expect(after.files).toEqual(before.files);
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(marked.pull.number, label);
    const approved = await loop.step('approve', event);
    expect(approved.reason).toBe('ok');
    const members = await readArchive(
      loop.repo.artifacts.newest(`codex-approval-${marked.pull.number}`).content,
    );
    const change = Buffer.from(members.get('change.patch') ?? []).toString();
    expect(change).toContain('+export const total = 1 * tax;\n');
    expect(change).not.toContain('\r');
    expect(existsSync('pwned')).toBe(false);
  });

  it('make no plan for a file that a filter would change, and run none', async () => {
    const { result } = await planned({ '.gitattributes': '*.ts filter=evil\n' });
    expect(result).toMatchObject({ reason: 'path-unsupported', status: 1 });
  });

  it.each([
    ['a symbolic link', { 'src/cart.ts': { symlink: '../README.md' } }],
    ['a submodule', { 'src/cart.ts': { gitlink: 'b'.repeat(40) } }],
  ])('make no plan for %s', async (_, files: Files) => {
    const { result } = await planned(files);
    expect(result).toMatchObject({ reason: 'path-invalid', status: 1 });
  });

  it('lead no patch out of the workspace: a folder that is a link', async () => {
    const files = [{ path: 'out/evil.txt', operation: 'create', reason: '' }];
    loop.model.follow({ plan: () => JSON.stringify({ ...examplePlan, steps: [], files }) });
    const { result } = await planned({ out: { symlink: '../../../..' } });
    expect(result).toMatchObject({ reason: 'path-unsupported', status: 1 });
  });

  it('hide no repository in the repository: an embedded bare one runs nothing', async () => {
    const config = '[core]\n\tbare = false\n\tworktree = ..\n\tfsmonitor = "touch pwned; false"\n';
    const { pull, result } = await planned({
      'sub/HEAD': 'ref: refs/heads/main\n',
      'sub/config': config,
      'sub/objects/.keep': '',
      'sub/refs/.keep': '',
      'sub/hooks/post-checkout': { executable: '#!/bin/sh\ntouch pwned\n' },
    });
    expect(result.reason).toBe('ok');
    loop.github.clock.advance({ minutes: 1 });
    expect((await loop.step('approve', loop.repo.as('bob').label(pull.number, label))).reason).toBe(
      'ok',
    );
    expect(existsSync('pwned')).toBe(false);
  });
});

describe('branches that merged each other', () => {
  it('are planned on as git merges them, with what the head took back of both sides', async () => {
    const { repo } = loop;
    const before = { 'src/other.ts': 'export const other = 1;\n', 'README.md': '# Shop\n' };
    const root = repo.tip('main');
    const ours = repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
    const theirs = repo.push('feature', { 'README.md': '# Store\n' }, { parent: root });
    repo.push('main', { 'README.md': '# Store\n' }, { merge: [theirs] });
    repo.push('feature', { 'src/other.ts': 'export const other = 2;\n' }, { merge: [ours] });
    const head = repo.push('feature', before);
    const pull = repo.openPullRequest({ author: 'frank', head: 'feature' });
    const planned = await loop.step(
      'plan',
      repo.as('alice').comment(pull.number, '/codex add a tax'),
    );
    expect(planned.reason).toBe('ok');
    const manifest = await planJson();
    expect(manifest.workspace.tree).toBe(repo.git.mergeTree(repo.tip('main'), head));
    expect([ours, theirs]).toContain(manifest.merge_base);
    expect(repo.file(manifest.workspace.tree, 'README.md')?.toString()).toBe('# Shop\n');
    loop.github.clock.advance({ minutes: 1 });
    const approved = await loop.step('approve', repo.as('bob').label(pull.number, label));
    expect(approved.reason).toBe('ok');
  });

  it('that have nothing in common are a conflict, and said to be', async () => {
    const { repo } = loop;
    repo.push('orphan', { 'src/cart.ts': 'x\n' }, { parent: null });
    const pull = repo.openPullRequest({ author: 'frank', head: 'orphan' });
    const asked = repo.as('alice').comment(pull.number, '/codex add a tax');
    const planned = await loop.step('plan', asked);
    expect(planned).toMatchObject({ reason: 'merge-conflict', status: 1 });
    expect(planned.log).toContain('no common ancestor');
    expect(loop.model.calls).toEqual([]);
  });
});

describe('names in the tree', () => {
  it('that no plan may hold stay what they are, and out of the way', async () => {
    const { pull, result } = await planned({
      'new\nline.txt': 'x\n',
      'a\tb': 'x\n',
      '"q"': 'x\n',
      ' blank ': 'x\n',
      '-rf': 'x\n',
      ':(top)x': 'x\n',
      'a\u202eb': 'x\n',
    });
    expect(result.reason).toBe('ok');
    loop.github.clock.advance({ minutes: 1 });
    expect((await loop.step('approve', loop.repo.as('bob').label(pull.number, label))).reason).toBe(
      'ok',
    );
  });

  it('that are twins of a file to be created refuse the plan', async () => {
    const { result } = await planned({ 'src/Tax.ts': 'x\n' });
    expect(result).toMatchObject({ reason: 'path-invalid', status: 1 });
  });

  it('that are twins of a file to be modified are there by now, and out of the way', async () => {
    const { result } = await planned({ 'src/Cart.ts': 'x\n' });
    expect(result.reason).toBe('ok');
  });
});

describe('what Codex does to the workspace', () => {
  let planned: () => void;
  let plannedAfterRun: () => void;
  beforeAll(async () => {
    const { states } = await shareLoop('planned');
    planned = states.planned;
    fresh();
    const policy = 'codex: { enforcement: after-run }';
    shared.repo.push('main', { '.github/codex-plan.yml': policy });
    expect((await shared.plan()).reason).toBe('ok');
    plannedAfterRun = remember(shared);
  });

  const refused = async (edit: readonly Item[], reason: string) => {
    planned();
    loop.model.follow({ ...exampleScript, edit });
    const attack = await attempt(loop, () => loop.approve());
    expectShut(attack, reason, { writes: denied, model: true });
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    return attack;
  };

  it.each([
    ['another file', create('src/evil.ts', 'evil\n'), 'outside-plan', 'src/evil.ts'],
    ['a file above', create('../evil.ts', 'evil\n'), 'path-invalid', 'evil.ts'],
    ['an absolute file', create('/tmp/evil.ts', 'evil\n'), 'path-invalid', '/tmp/evil.ts'],
    [
      'git’s own',
      create('.git/hooks/post-checkout', 'evil\n'),
      'path-invalid',
      '.git/hooks/post-checkout',
    ],
    ['another operation', '*** Delete File: src/cart.ts', 'operation-mismatch', 'src/cart.ts'],
    [
      'a move out of the plan',
      '*** Update File: src/cart.ts\n*** Move to: src/moved.ts\n@@\n-export const total = 1;\n+export const total = 2;',
      'outside-plan',
      'src/moved.ts',
    ],
  ])('is refused by name: %s', async (_, hunk, reason, path) => {
    const attack = await refused([patch(hunk), say('Done.')], reason);
    expect(attack.result.outputs['denied-files']).toContain(path);
  });

  it('is refused as a whole if one file of it lies outside', async () => {
    const both = patch(
      update('src/cart.ts', 'export const total = 1;', 'export const total = 2;'),
      create('src/evil.ts', 'evil\n'),
    );
    // That Codex itself writes none of it: test/codex/editor/patches.test.ts.
    await refused([both, say('Done.')], 'outside-plan');
  });

  it.each([
    ['a link at a planned path', 'rm src/cart.ts && ln -s /etc/passwd src/cart.ts'],
    ['an executable', 'chmod +x src/cart.ts'],
    [
      'a repository at a planned path',
      'mkdir src/tax.ts && cd src/tax.ts && git init -q && git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x',
    ],
    ['attributes and a filter', "printf '* filter=evil\\n' > .gitattributes"],
  ])('after-run, is refused by parity: %s', async (what, command) => {
    plannedAfterRun();
    loop.model.follow({ ...exampleScript, edit: [run(command), say('Done.')] });
    const bundle = what === 'a link at a planned path';
    const attack = await attempt(loop, () => loop.approve({ bundle }));
    expect(['operation-mismatch', 'outside-plan', 'path-invalid']).toContain(attack.result.reason);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    expect(loop.pull.labels).toEqual([]);
  });
});

describe('a repository that boxed code made', () => {
  const date = '2001-01-01T00:00:00Z';
  const author = { GIT_AUTHOR_NAME: 'x', GIT_AUTHOR_EMAIL: 'x@x', GIT_AUTHOR_DATE: date };
  const committer = {
    GIT_COMMITTER_NAME: 'x',
    GIT_COMMITTER_EMAIL: 'x@x',
    GIT_COMMITTER_DATE: date,
  };
  const identity = { ...author, ...committer, GIT_CONFIG_GLOBAL: '/dev/null' };
  /** Run in an empty folder: its commit is always the same, and its file is not as the commit has it. */
  const makeRepository = [
    'git init -q .',
    'echo one > x',
    'git add x',
    `env ${Object.entries(identity)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} git commit -q -m x`,
    'echo two > x',
  ];
  /** What a repository can have git do, and what that leaves: the environment that it was started with. */
  const arm = (mark: string) => [
    "echo '* filter=x' > .gitattributes",
    `git config filter.x.clean 'env > ${mark}; cat'`,
    `git config core.fsmonitor 'env > ${mark}; false'`,
  ];
  const script = (folder: string, mark: string) =>
    ['set -e', `mkdir -p ${folder}`, `cd ${folder}`, ...makeRepository, ...arm(mark)].join('\n');

  /** The commit that the script makes, for a submodule that points to it. */
  const commit = (() => {
    const folder = mkdtempSync(join(tmpdir(), 'attack-'));
    const env = { PATH: process.env.PATH, HOME: folder };
    execFileSync('sh', ['-e', '-c', makeRepository.join('\n')], { cwd: folder, env });
    const id = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, env });
    rmSync(folder, { recursive: true });
    return id.toString().trim();
  })();

  const afterRun = 'version: 1\ncodex: { enforcement: after-run }\n';
  const guarded =
    'version: 1\ncodex: { approvals: { policy: on-request, reviewer: auto_review } }\n';
  const atSubmodule = { files: { vendor: { gitlink: commit } }, folder: 'vendor' };
  const atPlannedPath = { files: {}, folder: 'src/tax.ts' };

  // Only the real CLI has a guardian and a box. At the path of a submodule the work is git's own, in either case.
  it.each([
    ['after-run, at the path of a submodule', afterRun, atSubmodule, false, true],
    ['before-write, by a command that the guardian let out', guarded, atSubmodule, true, false],
    ['after-run, at a planned path', afterRun, atPlannedPath, false, false],
  ])('is never entered by a program of the host: %s', async (...attacked) => {
    const [, policy, place, letOut, scripted] = attacked;
    const folder = mkdtempSync(join(tmpdir(), 'attack-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const mark = join(folder, 'mark');
    // The rest of the plan is carried out, so that nothing else is wrong.
    const edit =
      place === atPlannedPath
        ? patch(update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * tax;'))
        : exampleEdit[0];
    const command = script(place.folder, mark);
    loop = await startLoop({
      scripted: scripted || ['plan'],
      policy,
      files: place.files,
      script: {
        ...exampleScript,
        edit: [
          run(command, letOut ? { escalate: 'Run the tests?' } : {}),
          edit as Item,
          say('Done.'),
        ],
        guardian: () => assess('allow'),
      },
    });
    expect((await loop.plan()).reason).toBe('ok');
    const attack = await attempt(loop, () => loop.approve());
    expect(existsSync(mark) ? readFileSync(mark, 'utf8') : 'nothing ran').toBe('nothing ran');
    // What Codex did is kept as a denial; nothing else is written.
    expectShut(attack, 'path-invalid', { writes: denied, model: true });
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    expect(attack.result.log).toContain(place.folder);
  });
});

describe('what boxed code leaves behind', () => {
  it('is removed, however deep it lies and whatever its modes are', async () => {
    const deep = [
      'name=a-long-name-of-a-folder',
      'for i in $(seq 300); do mkdir $name && cd $name || exit 1; done',
      'echo x > deepest && chmod 000 . && cd /workspace && mkdir closed && chmod 000 closed',
    ];
    loop = await startLoop({
      scripted: ['plan'],
      policy: 'version: 1\ncodex: { enforcement: after-run }\n',
      script: { ...exampleScript, edit: [run(deep.join('\n')), ...exampleEdit] },
    });
    expect((await loop.plan()).reason).toBe('ok');
    const refused = await loop.approve();
    // Root can read the closed folder. Everybody else meets it first, and cannot know what is in it.
    const reason = process.getuid?.() === 0 ? 'limit-exceeded' : 'path-invalid';
    expect(refused).toMatchObject({ reason, status: 1 });
    // What is kept for later steps is the action's own.
    const left = readdirSync(refused.job.temp).filter(
      (name) => !/^_|^codex-(?:denial|notification)-/.test(name),
    );
    expect(left).toEqual([]);
    expect(refused.log).not.toContain('left in the runner');
  });
});

describe('the environment of the job', () => {
  let hostile: Loop;
  /** The program in the checkout, and the files that show that something ran or was traced. */
  let evil: string;
  let marks: readonly string[];
  let starts: ReturnType<ReturnType<typeof recordGit>['starts']>;
  let steps: readonly StepInLoop[];

  beforeAll(async () => {
    hostile = await startLoop();
    const recorder = recordGit();
    const job = hostile.repo.startRun({
      event: hostile.repo.as('alice').comment(1, 'x'),
      // A box has another `/dev`: on the RAM disk, boxed code could not reach the marker.
      onDisk: true,
    });
    const bin = join(job.workspace, 'bin');
    const marker = join(job.folder, 'pwned');
    const trace = join(job.folder, 'trace');
    marks = [marker, trace];
    mkdirSync(bin);
    evil = join(bin, 'git');
    writeFileSync(evil, `#!/bin/sh\ntouch ${marker}\nexit 1\n`);
    chmodSync(evil, 0o755);
    const env = {
      PATH: `${bin}:node_modules/.bin:.:${recorder.path}`,
      GITHUB_WORKSPACE: job.workspace,
      GIT_DIR: '/nonexistent/git',
      GIT_WORK_TREE: '/',
      GIT_EXEC_PATH: bin,
      GIT_SSH_COMMAND: evil,
      GIT_ASKPASS: evil,
      GIT_EXTERNAL_DIFF: evil,
      GIT_PAGER: evil,
      GIT_EDITOR: evil,
      GIT_PROXY_COMMAND: evil,
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${evil}'`,
      GIT_TRACE: trace,
      GIT_CONFIG_COUNT: '4',
      GIT_CONFIG_KEY_0: `url.${hostile.github.apiUrl}/.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://github.com/',
      GIT_CONFIG_KEY_1: 'core.fsmonitor',
      GIT_CONFIG_VALUE_1: evil,
      GIT_CONFIG_KEY_2: 'core.sshCommand',
      GIT_CONFIG_VALUE_2: evil,
      GIT_CONFIG_KEY_3: 'url.https://evil.example/.insteadOf',
      GIT_CONFIG_VALUE_3: 'https://github.com/',
      LD_PRELOAD_X: evil,
    };
    steps = [
      await hostile.plan('add a tax', { env }),
      await hostile.approve({ env }),
      await hostile.verify({ env }),
    ];
    starts = recorder.starts();
  });
  afterAll(() => hostile.close());

  it('reaches git in nothing that could run, and the checkout in nothing at all', () => {
    expect(steps.map(({ reason }) => reason)).toEqual(['ok', 'ok', 'ok']);
    for (const mark of marks) expect(existsSync(mark)).toBe(false);
    expect(readFileSync(evil, 'utf8')).toContain('exit 1');
    expect(hostile.github.violations).toEqual([]);
  });

  it('gives the token to the git that fetches alone, by its environment', () => {
    const basics = steps.map(({ job }) =>
      Buffer.from(`x-access-token:${job.token}`).toString('base64'),
    );
    const told = starts.filter((start) =>
      /x-access-token|AUTHORIZATION/.test(JSON.stringify(start)),
    );
    expect(new Set(told.map(({ args }) => args[0]))).toEqual(new Set(['fetch']));
    const headers = told.map((start) => settings(start).get('http.extraheader'));
    // Verify fetches nothing: nothing has changed since the approval.
    expect([...new Set(headers)]).toEqual(
      basics.slice(0, 2).map((basic) => `AUTHORIZATION: basic ${basic}`),
    );
    for (const basic of basics) {
      expect(JSON.stringify(starts.map(({ args }) => args))).not.toContain(basic);
    }
    expect(starts.length).toBeGreaterThan(told.length + 10);
    const secrets = /ghs_|sk-canary|ACTIONS_RUNTIME_TOKEN|INPUT_/;
    expect(JSON.stringify(starts)).not.toMatch(secrets);
    for (const { path, query } of hostile.github.requests.filter(
      ({ service }) => service === 'git',
    )) {
      expect(`${path}${JSON.stringify(query)}`).not.toMatch(/ghs_/);
    }
  });
});
