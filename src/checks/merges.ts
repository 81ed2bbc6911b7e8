/** Workspaces of the merge of a pull request, and what its base did to the planned files since they were planned. */

import { sameState } from '../core/plan/scope.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { Pins, Place, Workspace, Workspaces } from '../ports/workspaces.ts';

/** A workspace, and the commits that it is made of. */
export interface Merge {
  readonly pins: Pins;
  readonly workspace: Workspace;
}

/** What is to be merged now. */
export interface Today {
  readonly pins: Pins;
  /** Whether head and base are the very commits that the plan is about. Then their merge is, too. */
  readonly isAsPlanned: boolean;
  /**
   * What the base has changed. It can have changed a planned file in such a way that head and base no longer merge: then
   * it is this change that ends the approval, and drift names its commits.
   * @returns null if it has changed no planned file
   * @throws Stopped merge-conflict if head and base do not merge, and no planned file was changed; api-unavailable
   */
  findTouched(): Promise<Touched | null>;
  /** Builds the merge, once. */
  build(): Promise<Workspace>;
}

/** Planned files that the base has changed. */
interface Touched {
  readonly paths: readonly string[];
  /** Has the planned base and today's. */
  readonly workspace: Workspace;
}

export class Merges {
  readonly #workspaces: Workspaces;
  readonly #pullRequests: Pick<PullRequests, 'baseTip'>;

  constructor(workspaces: Workspaces, pullRequests: Pick<PullRequests, 'baseTip'>) {
    this.#workspaces = workspaces;
    this.#pullRequests = pullRequests;
  }

  /**
   * The commits to merge now. The base is the present tip of its branch: what the pull request itself says can be
   * hours old.
   */
  async pin({ head, baseRef }: Pick<PullRequest, 'head' | 'baseRef'>): Promise<Pins> {
    return { head: head.sha, base: await this.#pullRequests.baseTip(baseRef) };
  }

  /** The folder of a workspace that is still being built: Codex can already start in it. */
  reserve(): Promise<Place> {
    return this.#workspaces.reserve();
  }

  /** @throws Stopped merge-conflict, api-unavailable */
  build(pins: Pins, place: Place): Promise<Workspace> {
    return this.#workspaces.build(pins, [], { place });
  }

  /**
   * Today's merge, in a workspace that also has the planned base. Its work tree is not written: only a model needs it.
   * @param whileFetching called when there is nothing to do but to wait for the server
   * @throws Stopped base-moved if the base has changed a planned file; merge-conflict, api-unavailable
   */
  async buildForToday(
    pull: PullRequest,
    plan: PlanEvidence,
    whileFetching: () => void,
  ): Promise<Merge> {
    const { pins, build, findTouched } = await this.lookAtToday(pull, plan, whileFetching);
    checkUntouched((await findTouched())?.paths ?? [], 'approval');
    return { pins, workspace: await build() };
  }

  /** As `buildForToday`, but nothing is built before it is asked for, and nothing is checked. */
  async lookAtToday(
    pull: PullRequest,
    plan: PlanEvidence,
    whileFetching: () => void,
  ): Promise<Today> {
    const { head, base } = plan.manifest;
    const pins = await this.pin(pull);
    const options = { reach: 'trees', whileFetching } as const;
    let built: Promise<Workspace> | undefined;
    const build = () => {
      built ??= this.#workspaces.build(pins, [base.sha], options);
      return built;
    };
    const touchedIn = async (workspace: Workspace): Promise<Touched | null> => {
      const paths = await findTouched(plan, workspace, pins.base);
      return paths.length === 0 ? null : { paths, workspace };
    };
    return {
      pins,
      isAsPlanned: pins.head === head.sha && pins.base === base.sha,
      build,
      findTouched: async () => {
        if (pins.base === base.sha) return null;
        try {
          return await touchedIn(await build());
        } catch (error) {
          if (!(error instanceof Stopped) || error.reason !== 'merge-conflict') throw error;
          const planned = { head: head.sha, base: base.sha };
          const touched = await touchedIn(
            await this.#workspaces.build(planned, [pins.base], options),
          );
          if (touched === null) throw error;
          return touched;
        }
      },
    };
  }

  /**
   * The merge that was planned on, byte for byte. A plan that could not be executed today is not carried out, either.
   * @throws Stopped digest-mismatch if it is another merge, base-moved if the base has changed a planned file since,
   *   merge-conflict if the head no longer merges into the base
   */
  async rebuild(evidence: PlanEvidence, pull: PullRequest): Promise<Workspace> {
    const { head, base, workspace } = evidence.manifest;
    const tip = await this.#pullRequests.baseTip(pull.baseRef);
    const rebuilt = await this.#workspaces.build({ head: head.sha, base: base.sha }, [tip]);
    if (rebuilt.commit !== workspace.commit || rebuilt.tree !== workspace.tree) {
      throw new Stopped(
        'digest-mismatch',
        `The merge that was planned on was ${workspace.tree}, and is ${rebuilt.tree} now.`,
      );
    }
    checkUntouched(await findTouched(evidence, rebuilt, tip), 'plan');
    if (tip !== base.sha) {
      await this.#workspaces.checkMerges(rebuilt, { head: head.sha, base: tip });
    }
    return rebuilt;
  }
}

/**
 * The planned paths that differ between the planned base and today's base, by git's own objects.
 * @param workspace has both commits
 * @param tip the tip of the base now
 * @param paths by default those of the approved plan
 */
export async function findTouched(
  { manifest }: PlanEvidence,
  workspace: Pick<Workspace, 'files'>,
  tip: ObjectId,
  paths: readonly string[] = manifest.files.map((file) => file.path),
): Promise<readonly string[]> {
  if (tip === manifest.base.sha) return [];
  const [before, now] = await Promise.all([
    workspace.files(manifest.base.sha),
    workspace.files(tip),
  ]);
  return paths.filter((path) => !sameState(before.get(path) ?? null, now.get(path) ?? null));
}

/** @throws Stopped base-moved */
export function checkUntouched(touched: readonly string[], since: 'plan' | 'approval'): void {
  if (touched.length > 0) throw new Stopped('base-moved', describeTouched(touched, since));
}

export function describeTouched(touched: readonly string[], since: 'plan' | 'approval'): string {
  const paths = touched.map((path) => JSON.stringify(path)).join(', ');
  return `The base has changed ${paths} since the ${since}.`;
}
