/**
 * Plays the life of a plan on the embedded GitHub with the bundled action and the real Codex CLI: a request, a plan, a
 * change that goes outside of it, a revision, an approval, a push to the base that ends it, a new plan that a reviewer
 * narrows, and its execution. The model is scripted, unless OPENAI_API_KEY is set. `demo/out` then holds the
 * conversation as a page, each comment as Markdown, and the evidence. With `--samples` a second, shorter story follows,
 * of which only the evidence is kept: another drift, which Codex itself finds.
 */

import * as keep from './keep.ts';
import { apiKey, onStage, type Stage } from './stage.ts';
import {
  currency,
  edit,
  editRates,
  editRounded,
  editTooMuch,
  feedback,
  files,
  prompt,
  rounding,
  world,
} from './story.ts';
import { heading, show } from './terminal.ts';

keep.clear();
await onStage(files, play);
if (process.argv.includes('--samples')) await onStage(files, playDrift);

async function play(stage: Stage): Promise<void> {
  const { github, repo, pull } = stage;
  show(
    `Pull request #${pull.number} of ${repo.fullName}; Codex asks ${apiKey ? 'the real model' : 'a scripted model'}.`,
  );

  heading('1. alice asks, and Codex proposes a plan');
  await stage.ask('alice', `/codex ${prompt}`, 'planned');
  // Nobody can tell a real model to go outside its plan.
  if (!apiKey) {
    heading('2. bob sets the label, but Codex goes outside the plan: nothing is changed');
    await stage.approve('bob', editTooMuch, 'denied');
  }
  heading('3. bob answers, and the plan is revised; now he counts as one who asked');
  world.chapter = 'revised';
  await stage.ask('bob', `/codex-revise ${feedback}`, 'revised');
  heading('4. carol sets the label, and Codex stays inside the plan: the change is sealed');
  await stage.approve('carol', editRates, 'approved');

  heading('5. Somebody pushes to the base, and the approval ends at once, without a model');
  const push = repo.as('carol').pushed('main', rounding, { message: 'Round the total' });
  await stage.step('refresh', push, 'refreshed', 'drifted');
  show(`Labels of #${pull.number} now: ${pull.labels.join(', ') || 'none'}`);

  heading('6. dave updates the branch, alice asks again, and bob takes a file out of the plan');
  repo
    .as('dave')
    .push(pull.head.ref, rounding, { merge: [repo.git.ref('refs/heads/main') as string] });
  world.chapter = 'second';
  keep.forgetEvidence(repo);
  await stage.ask('alice', `/codex ${prompt}, ${feedback}`, 'planned-again');
  await stage.ask('bob', '/codex-without package.json', 'narrowed');
  heading('7. bob approves the narrowed plan, it is verified, and the change is committed');
  await stage.approve('bob', editRounded, 'approved', 'approved-again');
  await stage.step('verify', stage.dispatch(), 'verified');
  await stage.step('execute', stage.dispatch(), 'executed');
  const { sha, ref } = pull.head;
  show(`\n${ref} is at ${sha}:\n`);
  show(repo.git.readCommit(sha)?.message ?? '');
  show(repo.git.patch(`${sha}^`, sha));

  heading('8. The evidence, checked with coreutils alone');
  for (const { folder, lines } of await keep.evidence('executed', repo)) {
    show(`$ cd ${folder} && sha256sum -c *.sha256`);
    show(lines.map((line) => `  ${line}`).join('\n'));
  }
  heading('The conversation, to look at in a browser');
  show(keep.page(github.conversationHtml(pull.number)));
}

async function playDrift(stage: Stage): Promise<void> {
  const { repo } = stage;
  heading('Another story: what is merged touches no planned file, and Codex plans otherwise');
  world.chapter = 'first';
  await stage.ask('alice', `/codex ${prompt}`, 'other-planned');
  await stage.approve('bob', editTooMuch, 'denied', 'other-denied');
  await stage.approve('bob', edit, 'approved', 'other-approved');
  const other = repo.as('carol').openPullRequest({ title: 'Name the currency', files: currency });
  repo.as('carol').merge(other.number);
  world.chapter = 'with currency';
  await stage.step('verify', stage.dispatch(), 'drifted', 'other-drifted');
  await keep.evidence('drifted', repo);
}
