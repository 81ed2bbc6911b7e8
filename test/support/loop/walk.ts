/** A loop on which people and runs do things in any order, and what must be true after each of them. */
import { expect } from 'vitest';
import type { ModeName } from '../../../src/modes/index.ts';
import { type WebhookEvent, WORKFLOW } from '../github/index.ts';
import { create, patch, type Script, say, update } from '../model/index.ts';
import { type Labelling, Ledger, type Plan, type WalkPolicy } from './ledger.ts';
import { type Loop, label, type StepInLoop, startLoop } from './loop.ts';
import { remember } from './memory.ts';

const cart = 'src/cart.ts';
const tax = 'src/tax.ts';
const policyFile = '.github/codex-plan.yml';

const written = (count: number, lone: boolean, more = ''): WalkPolicy => ({
  count,
  lone,
  text: `limits: { runs: 1000 }\napprovers: { count: ${count}, self: ${lone}, author: ${lone} }\n${more}`,
});
const usual = written(1, false);
export const policies: readonly WalkPolicy[] = [
  usual,
  written(2, false),
  written(1, true),
  written(1, false, 'regenerate: always\n'),
];

/** What a run was about, so that it can be repeated. */
interface Past {
  readonly mode: ModeName;
  readonly step: StepInLoop;
  readonly labelling: Labelling | null;
  readonly asked: Asked | null;
  readonly inputs: Readonly<Record<string, string>>;
}
interface Asked {
  readonly by: string;
  readonly comment: number;
  readonly verb: '' | '-revise' | '-without' | '-withdraw';
}

export class Walk {
  readonly loop: Loop;
  ledger: Ledger;
  /** The number that the model writes into the files: its mind, which can change at any time. */
  mind = 1;
  /** Whether the model also writes a file that nobody planned. */
  greedy = false;
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
    const script: Script = { plan: () => walk.#plan(), edit: ({ turn }) => walk.#edit(turn) };
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
    this.mind = 1;
    this.greedy = false;
    this.story.length = 0;
    this.#begin();
  }

  #plan(): string {
    const known = this.loop.pull.file(tax) !== null;
    return JSON.stringify({
      title: `Set the total to ${this.mind}`,
      summary: '',
      steps: [],
      files: [
        { path: cart, operation: 'modify', reason: '' },
        { path: tax, operation: known ? 'modify' : 'create', reason: '' },
      ],
      commands: [],
      risks: [],
    });
  }

  get #content(): Record<string, string> {
    return {
      [cart]: `export const total = ${this.mind}.5;\n`,
      [tax]: `export const tax = ${this.mind}.5;\n`,
    };
  }

  #edit(turn: number) {
    if (turn % 2 === 1) return say('Done.');
    const { pull } = this.loop;
    const hunks = Object.entries(this.#content).map(([path, text]) => {
      const before = pull.file(path);
      return before === null ? create(path, text) : update(path, before.trimEnd(), text.trimEnd());
    });
    return patch(...hunks, ...(this.greedy ? [create('evil.ts', 'x\n')] : []));
  }

  get sight() {
    const { repo, pull, github } = this.loop;
    const files = [cart, tax].map((path) => repo.file(repo.tip(), path)?.toString() ?? '');
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
    // A run that plans again replaces its plan. An auditor then misses the plan that somebody narrowed.
    const narrowed = this.past.some(({ asked }) => asked?.verb === '-without');
    if (one.mode === 'plan' && narrowed) return;
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
    if (about.mode === 'plan') this.#planned(step, about.asked);
    if (about.mode === 'approve') this.#approved(step, about.labelling);
    if (about.mode === 'verify') this.#verified(step, state);
    if (step.decision === 'executed') this.#executed(sight.head, missing);
    else expect(this.sight.head, 'only execute moves the branch').toBe(sight.head);
    this.ledger.look(this.sight);
    if (step.outputs.state && step.decision !== 'ignored') this.#agrees(step);
  }

  #planned(step: StepInLoop, asked: Asked | null): void {
    const { ledger } = this;
    if (step.reason === 'plan-withdrawn' && asked?.verb === '-withdraw' && ledger.plan !== null) {
      if (ledger.plan.id === step.outputs['plan-id']) ledger.plan.ended = 'withdrawn';
    }
    if (step.decision !== 'planned' || asked === null) return;
    const before: Plan | null = asked.verb === '' ? null : ledger.plan;
    const own = asked.verb === '-without' ? [] : [asked];
    ledger.plan = {
      id: step.outputs['plan-id'] ?? '',
      requesters: new Set([...(before?.requesters ?? []), ...own.map(({ by }) => by)]),
      comments: new Set([...(before?.comments ?? []), ...own.map(({ comment }) => comment)]),
      head: this.sight.head,
      base: this.sight.base,
      at: this.sight.now,
      votes: [],
      ended: null,
      edited: false,
      answered: false,
      ruling: null,
    };
  }

  #approved({ decision, reason }: StepInLoop, labelling: Labelling | null): void {
    const { ledger } = this;
    const { plan, policy } = ledger;
    if (plan === null || labelling === null) throw new Error('nothing was labelled');
    if (ledger.approval?.labelling === labelling) return;
    if (reason === 'votes-missing' && !plan.votes.includes(labelling)) plan.votes.push(labelling);
    if (reason === 'outside-plan' || reason === 'nothing-changed') {
      plan.ruling = 'denied';
      plan.answered = true;
    }
    if (decision !== 'approved') return;
    expect(labelling, 'a label that is gone approves nothing').toBe(ledger.labelling);
    expect(ledger.canBeApproved, `approved although ${ledger.state}`).toBe(true);
    expect(labelling.at, 'read').toBeGreaterThanOrEqual(plan.at + 10_000);
    const by = [...new Set([...plan.votes, labelling].map((one) => one.by))];
    expect(by.length).toBeGreaterThanOrEqual(policy.count);
    for (const login of by.slice(-policy.count)) expect(ledger.mayApprove(login), login).toBe(true);
    plan.votes = [];
    plan.answered = true;
    const content = this.#content;
    plan.ruling = { labelling, by, content, over: null, drifted: false, verifiedAt: null };
  }

  #verified({ decision, reason }: StepInLoop, before: string): void {
    const { approval } = this.ledger;
    if (decision === 'verified') {
      expect(before, 'verified').toBe('approved');
      if (approval !== null) approval.verifiedAt = this.sight.now;
    }
    if (/^(?:scope|plan)-drift$/.test(reason) && before === 'approved' && approval !== null) {
      approval.drifted = true;
    }
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
    this.mind++;
  }

  /** Output, status, comment and ledger name the same state. */
  #agrees({ outputs }: StepInLoop): void {
    const { ledger, loop } = this;
    const { state } = ledger;
    expect(outputs.state, 'output').toBe(state);
    const status = loop.repo.statuses.findLast(({ sha }) => sha === loop.pull.head.sha);
    expect(status?.description, 'status').toMatch(statuses[state] ?? /never/);
    const colour = /^(?:drifted|denied)$/.test(state)
      ? 'failure'
      : /^(?:awaiting|approved)$/.test(state)
        ? 'pending'
        : 'success';
    expect(status?.state, 'status').toBe(colour);
  }

  /** As refresh leaves it. */
  #commentAgrees(): void {
    const { ledger, loop } = this;
    const { state, plan } = ledger;
    if (plan === null) return;
    const comments = loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan '));
    const stated = comments.at(-1)?.body.match(/^> \*\*State:\*\* ([a-z]+)/m)?.[1];
    // Refresh does not edit the comment of an open plan: an edit would end the votes.
    if (state === 'awaiting' && plan.answered) expect(stated, 'comment').toMatch(answered);
    else expect(stated, 'comment').toBe(state);
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
    this.#agrees(first);
    this.#commentAgrees();
    const second = await run();
    this.#agrees(second);
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
    this.as('bob').push('main', { [policyFile]: policy.text });
  }

  /** Edits a request of the newest plan, if there is one. */
  editRequest(): void {
    const { plan } = this.ledger;
    const id = [...(plan?.comments ?? [])].at(-1);
    if (plan === null || id === undefined) return;
    this.as('bob').editComment(id, '/codex something else');
    plan.edited = true;
  }

  async audit(): Promise<void> {
    const step = await this.loop.audit();
    expect(step, step.log).toMatchObject({ decision: 'audited', reason: 'ok' });
  }
}

/** What the comment of a plan may say that once had an answer and now awaits another one. */
const answered = /^(?:awaiting|approved|denied|drifted|expired)$/;

/** How the commit status names each state. */
const statuses: Readonly<Record<string, RegExp>> = {
  none: /^No Codex plan/,
  withdrawn: /withdrawn/,
  executed: /executed in/,
  outdated: /outdated/,
  drifted: /no longer fits/,
  denied: /denied/,
  expired: /expired/,
  approved: /approved and not yet/,
  awaiting: /awaits approval/,
};
