/** The action's own comments on the pull request page: the plan comment and the report comments of a plan. */

import type { PlanId } from '../core/text/digest.ts';
import { Stopped } from '../decision.ts';
import type { Comment, Comments } from '../ports/comments.ts';
import type { People } from '../ports/people.ts';
import type { Log } from '../ports/runner.ts';
import { asSettled } from '../report/markers.ts';
import {
  anyPlanMarker,
  asSuperseded,
  type CommentState,
  type PlanView,
  planMarker,
  type StateView,
  showsPlan,
  showsSuperseded,
  withState,
} from '../report/plan-comment.ts';
import { bestEffort } from './best-effort.ts';
import { checkNewest } from './check-newest.ts';
import { type ReportText, settle, writeInPlace } from './in-place.ts';
import { type PlanViewSettings, planCommentBody } from './plan-view.ts';

/**
 * A comment belongs to the action if the action's account wrote it and it begins with a marker. The marker alone proves
 * nothing, because everybody can write it.
 */
export class Page {
  readonly #comments: Comments;
  readonly #people: Pick<People, 'self'>;
  readonly #log: Pick<Log, 'warn'>;
  readonly #settings: PlanViewSettings;

  constructor(
    comments: Comments,
    people: Pick<People, 'self'>,
    log: Pick<Log, 'warn'>,
    settings: PlanViewSettings,
  ) {
    this.#comments = comments;
    this.#people = people;
    this.#log = log;
    this.#settings = settings;
  }

  /** Publishes a new plan comment. People approve what it shows, so a failure stops the run. */
  publishPlan(pullRequest: number, body: string): Promise<Comment> {
    return this.#comments.create(pullRequest, body);
  }

  /** The comments that show a plan. */
  findPlanComments(pullRequest: number, planId: PlanId): Promise<readonly Comment[]> {
    return this.find(pullRequest, planMarker(planId));
  }

  /** Whether the action has ever shown a plan of the pull request. */
  async showsAnyPlan(pullRequest: number): Promise<boolean> {
    const comments = await this.#ownComments(pullRequest);
    return comments.some(({ body }) => body.startsWith(anyPlanMarker));
  }

  /**
   * Compares what an approver sees with what was hashed. If it differs, the plan is posted again for the next
   * approver.
   * @param states what the action itself may have written about this plan, by its records
   * @returns the comment that shows the plan, with the time of the latest edit of any copy: an unedited copy must not
   *   hide that another one was edited
   * @throws Stopped plan-altered, plan-superseded
   */
  async requireShown(
    pullRequest: number,
    view: PlanView,
    states: readonly CommentState[],
  ): Promise<Comment> {
    const own = await this.#ownComments(pullRequest);
    const marker = planMarker(view.evidence.planId);
    const shown = own.filter(({ body }) => body.startsWith(marker));
    const body = planCommentBody(view);
    const [first] = shown;
    if (first === undefined) {
      const post = () => this.publishPlan(pullRequest, body);
      throw await this.#stoppedByAlteration('The plan comment is gone', post);
    }
    const altered = shown.filter((comment) => !showsPlan(comment.body, view, states));
    if (altered.length > 0) {
      throw await this.#stoppedByAlteration('The plan comment was edited', async () => {
        for (const { id } of altered) await this.#comments.update(id, body);
      });
    }
    if (showsSuperseded(first.body)) {
      throw new Stopped(
        'plan-superseded',
        'The plan comment says that a newer plan was published.',
      );
    }
    checkNewest(shown, own);
    const times = shown.map((comment) => comment.updatedAt).sort();
    return { ...first, updatedAt: times.at(-1) ?? first.updatedAt };
  }

  /** What an approver saw was not the plan, also if GitHub does not let it be posted again. */
  async #stoppedByAlteration(what: string, postAgain: () => Promise<unknown>): Promise<Stopped> {
    let next = 'it could not be posted again';
    await bestEffort(this.#log, async () => {
      await postAgain();
      next = 'it is posted again';
    });
    return new Stopped('plan-altered', `${what}; ${next}.`);
  }

  /**
   * Shows the state of a plan on its comment.
   * @returns whether the comment said something else before
   */
  async updateState(
    comment: Comment,
    evidence: StateView['evidence'],
    state: CommentState,
  ): Promise<boolean> {
    const body = withState(comment.body, { ...this.#settings, evidence }, state);
    if (body === undefined || body === comment.body) return false;
    let written = false;
    await bestEffort(this.#log, async () => {
      await this.#comments.update(comment.id, body);
      written = true;
    });
    return written;
  }

  /**
   * Shows the end of a plan on each of its comments.
   * @param over replaces the text of the plan's report, if there is a report
   * @returns the addresses of the plan comments
   */
  async showEnd(
    pullRequest: number,
    evidence: StateView['evidence'] & { readonly planId: PlanId },
    state: CommentState,
    over: { readonly marker: string; readonly body: string },
  ): Promise<readonly string[]> {
    const own = await this.#ownComments(pullRequest);
    const shown = own.filter(({ body }) => body.startsWith(planMarker(evidence.planId)));
    for (const comment of shown) await this.updateState(comment, evidence, state);
    await bestEffort(this.#log, () =>
      writeInPlace(this.#comments, own, pullRequest, { ...over, ifThere: true }),
    );
    return shown.map(({ url }) => url);
  }

  /**
   * Marks the comments of all other plans of the pull request as superseded, and minimises them, with those that tell
   * what happened to these plans.
   * @param newer the address of the comment that shows this plan
   */
  async supersedeOthers(pullRequest: number, planId: PlanId, newer: string): Promise<void> {
    await bestEffort(this.#log, async () => {
      const marker = planMarker(planId);
      const own = await this.#ownComments(pullRequest);
      // First what people could still approve by: whatever fails after that only leaves a comment unfolded.
      for (const comment of own) {
        if (!comment.body.startsWith(anyPlanMarker) || comment.body.startsWith(marker)) continue;
        if (showsSuperseded(comment.body)) continue;
        const body = asSuperseded(comment.body, newer);
        if (body === undefined) continue;
        await this.#comments.minimise(comment, body);
      }
      await settle(this.#comments, own);
      for (const comment of own) {
        const over = asSettled(comment.body, planId);
        if (over !== undefined) await this.#comments.minimise(comment, over);
      }
    });
  }

  /** The comments of the action that begin in this way. */
  async find(pullRequest: number, beginning: string): Promise<readonly Comment[]> {
    return (await this.#ownComments(pullRequest)).filter(({ body }) => body.startsWith(beginning));
  }

  /**
   * Writes the one comment with this marker; if it exists, it is edited.
   * @param marker the first line, by which this comment is found
   * @returns its address; undefined if it could not be written
   */
  async writeReport(
    pullRequest: number,
    marker: string,
    body: string,
  ): Promise<string | undefined> {
    return (await this.writeReports(pullRequest, [{ marker, body }]))[0];
  }

  /**
   * Writes several comments, and reads the page only once.
   * @param settles whether to minimise the report of runs that stopped before they knew the plan
   */
  async writeReports(
    pullRequest: number,
    reports: readonly ReportText[],
    { settles = false }: { readonly settles?: boolean } = {},
  ): Promise<readonly string[]> {
    const addresses: string[] = [];
    await bestEffort(this.#log, async () => {
      const comments = await this.#ownComments(pullRequest);
      for (const report of reports) {
        const address = await writeInPlace(this.#comments, comments, pullRequest, report);
        if (address !== undefined) addresses.push(address);
      }
      if (settles) await settle(this.#comments, comments);
    });
    return addresses;
  }

  /** Minimises the comment with this marker, if there is one. */
  async foldAway(pullRequest: number, marker: string): Promise<void> {
    await bestEffort(this.#log, async () => {
      for (const comment of await this.find(pullRequest, marker)) {
        await this.#comments.minimise(comment);
      }
    });
  }

  /** Posts a new comment, so that it is the last one, and minimises the one before it with the same marker. */
  async replaceComment(pullRequest: number, marker: string, body: string): Promise<void> {
    await bestEffort(this.#log, async () => {
      // Earlier ones were minimised when it was posted.
      const older = (await this.#ownComments(pullRequest)).findLast((comment) =>
        comment.body.startsWith(marker),
      );
      await this.#comments.create(pullRequest, `${marker}\n\n${body}`);
      if (older !== undefined) await this.#comments.minimise(older);
    });
  }

  /** Reacts to a comment: the action has seen it (`eyes`), or does not do what it asks (`confused`). */
  async react(commentId: number, sign: 'eyes' | 'confused'): Promise<void> {
    await bestEffort(this.#log, () => this.#comments.react(commentId, sign));
  }

  async #ownComments(pullRequest: number): Promise<readonly Comment[]> {
    const [self, comments] = await Promise.all([
      this.#people.self(),
      this.#comments.list(pullRequest),
    ]);
    return comments.filter((comment) => comment.authorId === self.databaseId);
  }
}
