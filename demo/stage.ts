/** Where the demo plays: the embedded GitHub, the bundled action and the real Codex CLI. */

import type { ModeName } from '../src/modes/index.ts';
import {
  type GitHub,
  type PullView,
  type Repository,
  startGitHub,
  type WebhookEvent,
  WORKFLOW,
} from '../test/support/github/index.ts';
import { runStep } from '../test/support/loop/action.ts';
import { type Answer, startModel } from '../test/support/model/index.ts';
import * as keep from './keep.ts';
import { script, world } from './story.ts';
import { show, showComment, showLog, showStep } from './terminal.ts';

export const label = 'approved-plan';
/** With a key, the real model is asked. */
export const apiKey = process.env.OPENAI_API_KEY;

export interface Stage {
  readonly github: GitHub;
  readonly repo: Repository;
  readonly pull: PullView;
  /** Somebody comments, and a plan comes of it. */
  ask(who: string, text: string, name: string): Promise<void>;
  /** Somebody sets the label. @param edits what the scripted model does */
  approve(
    who: string,
    edits: readonly Answer[],
    expected: 'approved' | 'denied',
    name?: string,
  ): Promise<void>;
  /** One step of a workflow, with what it says in the log and on the page. */
  step(mode: ModeName, event: WebhookEvent, expected: string, name?: string): Promise<void>;
  dispatch(): WebhookEvent;
}

/** Plays a story in a separate repository. */
export async function onStage(
  files: Readonly<Record<string, string>>,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  keep.beginStory();
  const github = await startGitHub();
  const model = await startModel(script);
  const surprises: string[] = [];
  try {
    const repo = github.createRepository({
      files,
      collaborators: { alice: 'write', bob: 'write', carol: 'maintain', dave: 'write' },
    });
    const pull = repo.openPullRequest({
      author: 'dave',
      title: 'Prepare the cart for taxes',
      files: { 'docs/taxes.md': 'We need taxes.\n' },
    });
    await play(setUp(github, model.endpoint, repo, pull, surprises));
  } finally {
    await Promise.all([github.close(), model.close()]);
  }
  // A real model decides for itself; with the scripted one every step has to go as the story does.
  if (github.violations.length > 0 || (surprises.length > 0 && !apiKey)) {
    show([...surprises, ...github.violations].join('\n'));
    process.exitCode = 1;
  }
}

function setUp(
  github: GitHub,
  endpoint: string,
  repo: Repository,
  pull: PullView,
  surprises: string[],
): Stage {
  const step: Stage['step'] = async (mode, event, expected, name = expected) => {
    github.clock.advance({ seconds: 20 });
    const known = new Map(pull.comments.map((comment) => [comment.id, comment.body]));
    const job = repo.startRun({ event });
    const several = mode === 'refresh';
    const result = await runStep(mode, job, {
      inputs: {
        ...(several ? {} : { 'pull-request': String(pull.number) }),
        ...(apiKey ? { 'openai-api-key': apiKey } : { 'responses-api-endpoint': endpoint }),
      },
      timeoutMs: 20 * 60_000,
      onOutput: showLog,
    });
    repo.finishRun(job);
    showStep(mode, result);
    for (const comment of pull.comments) {
      if (known.get(comment.id) === comment.body) continue;
      if (!known.has(comment.id)) showComment(comment);
      keep.comment(name, comment);
    }
    if (result.decision !== expected) {
      surprises.push(
        `${mode} ended with ${result.decision} (${result.reason}), expected ${expected}\n${result.log}`,
      );
    }
  };
  return {
    github,
    repo,
    pull,
    step,
    dispatch: () => repo.as('carol').dispatch(WORKFLOW),
    ask: async (who, text, name) => {
      show(`${who} comments: ${text}`);
      await step('plan', repo.as(who).comment(pull.number, text), 'planned', name);
    },
    approve: async (who, edits, expected, name) => {
      world.edits = [...edits];
      github.clock.advance({ minutes: 3 });
      show(`${who} sets the label ${label}`);
      await step('approve', repo.as(who).label(pull.number, label), expected, name);
    },
  };
}
