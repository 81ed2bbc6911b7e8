/**
 * Plays the life of a plan on the embedded GitHub with the bundled action and the real Codex CLI: a request, a plan, a
 * change that goes outside the plan, an approval, a merge that makes the plan outdated, a new plan, and its execution.
 * The model is scripted, unless OPENAI_API_KEY is set. `demo/out` then holds the conversation as a page, each comment
 * as Markdown, and the evidence.
 */

import type { ModeName } from '../src/modes/index.ts';
import {
  type PullView,
  type Repository,
  startGitHub,
  type WebhookEvent,
  WORKFLOW,
} from '../test/support/github/index.ts';
import { runStep } from '../test/support/loop/action.ts';
import { type Answer, startModel } from '../test/support/model/index.ts';
import * as keep from './keep.ts';
import {
  edit,
  editTooMuch,
  editWithCurrency,
  files,
  merged,
  prompt,
  script,
  world,
} from './story.ts';
import { heading, show, showComment, showLog, showStep } from './terminal.ts';

const label = 'approved-plan';
const apiKey = process.env.OPENAI_API_KEY;

keep.clear();
const github = await startGitHub();
const model = await startModel(script);
const surprises: string[] = [];
try {
  await play();
} finally {
  await Promise.all([github.close(), model.close()]);
}
// A real model decides for itself; with the scripted one every step has to go as the story does.
if (github.violations.length > 0 || (surprises.length > 0 && !apiKey)) {
  show([...surprises, ...github.violations].join('\n'));
  process.exitCode = 1;
}

async function play(): Promise<void> {
  const repo = github.createRepository({
    files,
    collaborators: { alice: 'write', bob: 'write', carol: 'maintain' },
  });
  const pull = repo.openPullRequest({
    author: 'carol',
    title: 'Prepare the cart for taxes',
    files: { 'docs/taxes.md': 'We need taxes.\n' },
  });
  show(
    `Pull request #${pull.number} of ${repo.fullName}; Codex asks ${apiKey ? 'the real model' : 'a scripted model'}.`,
  );

  heading('alice asks');
  await ask(repo, pull);
  // Nobody can tell a real model to go outside its plan.
  if (!apiKey) {
    heading('bob reads the plan and sets the label, but Codex goes outside the plan');
    await approve(repo, pull, editTooMuch, 'denied');
  }
  heading('bob sets the label, and Codex stays inside the plan');
  await approve(repo, pull, edit, 'approved');
  heading('The drift gate, right before execution');
  await step(repo, pull, 'verify', dispatch(repo), 'verified');

  heading('Another pull request is merged, and the plan no longer fits');
  const other = repo.as('carol').openPullRequest({ title: 'Name the currency', files: merged });
  repo.as('carol').merge(other.number);
  world.merged = true;
  await step(repo, pull, 'verify', dispatch(repo), 'drifted');
  show(`Labels of #${pull.number} now: ${pull.labels.join(', ') || 'none'}`);
  await keep.evidence('drifted', repo);

  heading('carol updates the branch, alice asks again, bob approves, and the change is committed');
  repo
    .as('carol')
    .push(pull.head.ref, merged, { merge: [repo.git.ref('refs/heads/main') as string] });
  await ask(repo, pull);
  await approve(repo, pull, editWithCurrency, 'approved');
  await step(repo, pull, 'verify', dispatch(repo), 'verified');
  await step(repo, pull, 'execute', dispatch(repo), 'executed');
  await keep.evidence('executed', repo);
  const { sha, ref } = pull.head;
  show(`${ref} is at ${sha}:\n`);
  show(repo.git.readCommit(sha)?.message ?? '');
  show(repo.git.patch(`${sha}^`, sha));

  heading('The conversation, to look at in a browser');
  show(keep.page(github.conversationHtml(pull.number)));
}

async function ask(repo: Repository, pull: PullView): Promise<void> {
  const event = repo.as('alice').comment(pull.number, `/codex ${prompt}`);
  show(`alice comments: /codex ${prompt}`);
  await step(repo, pull, 'plan', event, 'planned');
}

/** @param edits what the scripted model does */
async function approve(
  repo: Repository,
  pull: PullView,
  edits: readonly Answer[],
  expected: 'approved' | 'denied',
): Promise<void> {
  world.edits = [...edits];
  github.clock.advance({ minutes: 3 });
  show(`bob sets the label ${label}`);
  const event = repo.as('bob').label(pull.number, label);
  await step(repo, pull, 'approve', event, expected);
}

function dispatch(repo: Repository): WebhookEvent {
  return repo.as('carol').dispatch(WORKFLOW);
}

/** One step of a workflow, with what it says in the log and on the page. */
async function step(
  repo: Repository,
  pull: PullView,
  mode: ModeName,
  event: WebhookEvent,
  expected: string,
): Promise<void> {
  github.clock.advance({ seconds: 20 });
  const known = new Map(pull.comments.map((comment) => [comment.id, comment.body]));
  const job = repo.startRun({ event });
  const result = await runStep(mode, job, {
    inputs: {
      'pull-request': String(pull.number),
      ...(apiKey ? { 'openai-api-key': apiKey } : { 'responses-api-endpoint': model.endpoint }),
    },
    timeoutMs: 20 * 60_000,
    onOutput: showLog,
  });
  repo.finishRun(job);
  showStep(mode, result);
  for (const comment of pull.comments) {
    if (known.get(comment.id) === comment.body) continue;
    if (!known.has(comment.id)) showComment(comment);
    keep.comment(`${mode}-${result.decision}`, comment);
  }
  if (result.decision !== expected) {
    surprises.push(
      `${mode} ended with ${result.decision} (${result.reason}), expected ${expected}`,
    );
  }
}
