import type { Authority } from '../checks/authority.ts';
import type { Brakes } from '../checks/brakes.ts';
import type { ApprovalLabel } from '../checks/label.ts';
import type { Merges } from '../checks/merges.ts';
import type { PlanStatus } from '../checks/plan-status.ts';
import type { Requests } from '../checks/requests.ts';
import type { Rotation } from '../checks/rotation.ts';
import type { Targets } from '../checks/targets.ts';
import type { TryExpression } from '../core/text/linear-expression.ts';
import type { FindSecret } from '../core/text/secrets.ts';
import type { EvidenceCollection } from '../evidence/collection.ts';
import type { InstructionsSource } from '../evidence/instructions.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { Provenance } from '../evidence/provenance.ts';
import type { RecordContext } from '../evidence/record-context.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Page } from '../page/page.ts';
import type { PlanViewSettings } from '../page/plan-view.ts';
import type { Editor, Planner } from '../ports/agent.ts';
import type { Commits } from '../ports/commits.ts';
import type { Machine } from '../ports/machine.ts';
import type { OpenPullRequests } from '../ports/open-pull-requests.ts';
import type { Report } from '../ports/outcome.ts';
import type { People } from '../ports/people.ts';
import type { PullRequests } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type {
  Clock,
  KeepForLaterSteps,
  Log,
  ReadEvidenceFolders,
  RefuseSecrets,
} from '../ports/runner.ts';
import type { SetUp } from '../ports/set-up.ts';

/** How much of the hour's calls is left. */
export interface Allowance {
  /** Whether less than a quarter is left. */
  isLow(): boolean;
}

/** All tools that a mode can get. A mode names those that it needs, and gets no others. */
export interface Tools {
  readonly run: WorkflowRun;
  readonly clock: Clock;
  readonly policy: PolicySource;
  /** What the owners of the repository tell every agent. */
  readonly instructions: InstructionsSource;
  readonly brakes: Brakes;
  readonly authority: Authority;
  readonly provenance: Provenance;
  readonly evidence: EvidenceStore;
  /** What each record says about how it was made. */
  readonly records: RecordContext;
  readonly targets: Targets;
  readonly requests: Requests;
  readonly label: ApprovalLabel;
  readonly page: Page;
  readonly rotation: Rotation;
  readonly planView: PlanViewSettings;
  readonly merges: Merges;
  readonly pullRequests: PullRequests;
  /** Only the action's own account. What other people may do is decided by `authority`. */
  readonly people: Pick<People, 'self'>;
  /** The one way to change the repository. */
  readonly commits: Commits;
  readonly planner: Planner;
  readonly editor: Editor;
  /**
   * Starts slow work before its result is needed: finding or installing Codex, finding a Codex that need not be
   * installed, or loading the artifact client. Loading blocks everything else. Errors are ignored here; the call is
   * awaited, and fails, when its result is needed.
   */
  readonly warmUp: (what: 'codex' | 'codex if it is there' | 'artifacts') => void;
  readonly log: Log;
  readonly report: Report;
  readonly keepForLaterSteps: KeepForLaterSteps;
  readonly refuseSecrets: RefuseSecrets;
  readonly findSecret: FindSecret;
  readonly openPullRequests: OpenPullRequests;
  readonly status: PlanStatus;
  readonly allowance: Allowance;
  /** How the repository and the machine are set up. Both can only be read. */
  readonly setUp: SetUp;
  readonly machine: Machine;
  /** Loads what tries regular expressions of other people in bounded time. */
  readonly expressions: () => Promise<TryExpression>;
  readonly collection: EvidenceCollection;
  /** Reads a folder of evidence on the runner. */
  readonly folders: ReadEvidenceFolders;
}

/** The tools that one function uses. */
export type Uses<Name extends keyof Tools> = Pick<Tools, Name>;
