/** A loop on which people and runs do things in any order, and what must be true after each of them. */
import { expect } from 'vitest';
import type { ModeName } from '../../../src/modes/index.ts';
import { type WebhookEvent, WORKFLOW } from '../github/index.ts';
import { type Script, say } from '../model/index.ts';
import { type Labelling, Ledger, usual, type WalkPolicy } from './ledger.ts';
import { type Loop, label, type StepInLoop, startLoop } from './loop.ts';
import { remember } from './memory.ts';
import { contentOf, editNow, type Mind, planNow, plannedPaths } from './walk-mind.ts';
import { type Asked, recordApproval, recordPlan, recordVerification } from './walk-records.ts';
import { expectAgreement, expectTrueComment } from './walk-states.ts';

/** What a run was about, so that it can be repeated. */
interface Past {
  readonly mode: ModeName;
  readonly step: StepInLoop;
  readonly labelling: Labelling | null;
  readonly asked: Asked | null;
  readonly inputs: Readonly<Record<string, string>>;
}
export class Walk {
  readonly loop: Loop;
  ledger: Ledger;
  /** What the model thinks, which can change at any time. */
  readonly mind: Mind = { total: 1, greedy: false };
  readonly past: Past[] = [];
  /** What happened, for the message of a failure. */
  readonly story: string[] = [];
  #begin = () => {};

  private constructor(loop: Loop) {
    this.loop = loop;
    this.ledger = new Ledger(usual, this.sight);
  }

  /** Every walk begins at a plan that alice asked for. */
  static async start(): Promise<Walk> {
    const script: Script = {
      plan: () => planNow(walk.mind, walk.loop.pull),
      edit: ({ turn }) => (turn % 2 === 0 ? editNow(walk.mind, walk.loop.pull) : say('Done.')),
    };
    const loop = await startLoop({ scripted: true, script, policy: usual.text });
    const walk = new Walk(loop);
    await walk.ask('alice', '', 'set the total');
    const { plan } = walk.ledger;
    if (plan === null) throw new Error(walk.story.join());
    const begin = remember(loop);
    const [first] = walk.past;
    walk.#begin = () => {
      begin();
      walk.past.splice(0, Number.POSITIVE_INFINITY, ...(first ? [first] : []));
      walk.ledger = new Ledger(usual, walk.sight);
      walk.ledger.plan = { ...plan, votes: [], ruling: null, ended: null };
    };
    return walk;
  }

  restart(): void {
    Object.assign(this.mind, { total: 1, greedy: false });
    this.story.length = 0;
    this.#begin();
  }

  get sight() {
    const { repo, pull, github } = this.loop;
    const files = plannedPaths.map((path) => repo.file(repo.tip(), path)?.toString() ?? '');
    return {
      now: github.clock.now.getTime(),
      head: pull.head.sha,
      base: files.join('\0'),
      labelled: pull.labels.includes(label),
    };
  }

  as(login: string) {
    return this.loop.repo.as(login);
  }

  dispatch(mode: 'verify' | 'execute' | 'refresh'): Promise<void> {
    return this.run(mode, this.as('carol').dispatch(WORKFLOW), `${mode} on dispatch`);
  }

  ask(by: string, verb: Asked['verb'], words: string): Promise<void> {
    const event = this.as(by).comment(1, `/codex${verb} ${words}`);
    const comment = this.loop.pull.comments.at(-1)?.id ?? 0;
    return this.run('plan', event, `${by}: /codex${verb} ${words}`, { by, comment, verb });
  }

  /** Also ends the votes so far. */
  removeLabel(by: string): void {
    if (!this.sight.labelled) return;
    this.as(by).unlabel(1, label);
    if (this.ledger.plan !== null) this.ledger.plan.votes = [];
    this.ledger.look(this.sight);
  }

  async setLabel(by: string): Promise<void> {
    this.removeLabel(by);
    const event = this.as(by).label(1, label);
    this.ledger.labelling = { by, at: this.sight.now };
    await this.run('approve', event, `${by} sets the label`);
  }

  async run(
    mode: ModeName,
    event: WebhookEvent,
    name: string,
    asked: Asked | null = null,
  ): Promise<void> {
    const inputs = event.name === 'workflow_dispatch' ? { 'pull-request': '1' } : {};
    const labelling = mode === 'approve' ? this.ledger.labelling : null;
    const about = { mode, labelling, asked, inputs };
    await this.#ran(name, about, () => this.loop.step(mode, event, { inputs }));
  }

  /** Somebody lets one of the last runs run again. */
  async rerun(which: number, by: string): Promise<void> {
    const one = this.past.at(-1 - which);
    if (one === undefined) return;
    const { step, ...about } = one;
    await this.#ran(`${by} repeats ${one.mode}`, about, () =>
      this.loop.rerun(one.mode, step, by, { inputs: one.inputs }),
    );
  }

  async #ran(
    name: string,
    about: Omit<Past, 'step'>,
    start: () => Promise<StepInLoop>,
  ): Promise<void> {
    this.ledger.look(this.sight);
    const { state, missing, sight } = this.ledger;
    const step = await start();
    this.story.push(`${name} (${state}): ${step.decision}/${step.reason}, ${step.outputs.state}`);
    expect(step.reason, step.log).not.toBe('internal');
    this.past.push({ ...about, step });
    if (about.mode === 'plan') recordPlan(this.ledger, step, about.asked, this.sight);
    if (about.mode === 'approve')
      recordApproval(this.ledger, step, about.labelling, contentOf(this.mind));
    if (about.mode === 'verify') recordVerification(this.ledger, step, state);
    if (step.decision === 'executed') this.#executed(sight.head, missing);
    else expect(this.sight.head, 'only execute moves the branch').toBe(sight.head);
    this.ledger.look(this.sight);
    if (step.outputs.state && step.decision !== 'ignored')
      expectAgreement(this.ledger, this.loop, step);
  }

  #executed(head: string, missing: string | undefined): void {
    const { ledger, loop } = this;
    expect(missing, 'what the commit lacked').toBeUndefined();
    const { git } = loop.repo;
    const commit = git.readCommit(this.sight.head);
    expect(commit?.parents).toEqual([head]);
    const files = (at: string) =>
      new Map(
        git
          .tree(at, true)
          .filter(({ mode }) => mode !== '040000')
          .map(({ path, mode, sha }) => [path, `${mode} ${sha}`]),
      );
    const sealed = files(head);
    for (const [path, text] of Object.entries(ledger.approval?.content ?? {})) {
      sealed.set(path, `100644 ${git.writeBlob(Buffer.from(text))}`);
    }
    expect(files(this.sight.head), 'the sealed tree').toEqual(sealed);
    if (ledger.plan !== null) ledger.plan.ended = 'executed';
    // The same change again would be none.
    this.mind.total++;
  }

  /** Whether two runs of refresh would tell the truth, and the second one write nothing. Nothing of them stays. */
  async settle(): Promise<void> {
    const back = remember(this.loop);
    const { sight, approval } = this.ledger;
    const over = approval?.over ?? null;
    const run = () =>
      this.loop.step('refresh', this.as('carol').dispatch(WORKFLOW), {
        inputs: { 'pull-request': '1' },
      });
    this.ledger.look(this.sight);
    const first = await run();
    expect(first, first.log).toMatchObject({ decision: 'refreshed', reason: 'ok', status: 0 });
    this.ledger.look(this.sight);
    expectAgreement(this.ledger, this.loop, first);
    expectTrueComment(this.ledger, this.loop);
    const second = await run();
    expectAgreement(this.ledger, this.loop, second);
    const asked = new Set(second.requests);
    const writes = this.loop.github.writes().filter((one) => asked.has(one));
    expect(
      writes.map(({ method, path }) => `${method} ${path}`),
      'a second refresh',
    ).toEqual([]);
    back();
    this.ledger.sight = sight;
    if (approval !== null) approval.over = over;
  }

  setPolicy(policy: WalkPolicy): void {
    this.ledger.policy = policy;
    this.as('bob').push('main', { '.github/codex-plan.yml': policy.text });
  }

  /** Edits a request of the newest plan, if there is one. */
  editRequest(): void {
    const { plan } = this.ledger;
    const id = [...(plan?.comments ?? [])].at(-1);
    if (plan === null || id === undefined) return;
    this.as('bob').editComment(id, '/codex something else');
    this.ledger.edited.add(id);
  }

  async audit(): Promise<void> {
    const step = await this.loop.audit();
    expect(step, step.log).toMatchObject({ decision: 'audited', reason: 'ok' });
  }
}
