import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { DriftWay } from '../records/verification.ts';
import { type Operation, type Plan, type PlannedFile, planJson } from './plan.ts';
import { renderPlanText } from './plan-text.ts';

/** How two plans differ; empty lists if their scopes are the same. */
export interface ScopeChange {
  readonly added: readonly PlannedFile[];
  readonly removed: readonly PlannedFile[];
  /** In both, with another operation: as the regenerated plan has it. */
  readonly retyped: readonly RetypedFile[];
}

export interface RetypedFile extends PlannedFile {
  /** The operation that was approved. */
  readonly was: Operation;
}

export interface Comparison {
  /** Null if the gate stays open. */
  readonly drift: 'scope-drift' | 'plan-drift' | null;
  readonly scope: ScopeChange;
  /** Unified diff of the two plans as they are rendered; '' if they are the same. */
  readonly diff: string;
}

/**
 * If two plans differ by more edits than this, the diff shows one whole text replaced by the other. The time to find
 * the edits grows with the square of their number, and people would switch off a gate that hangs. The limit counts
 * edits and not seconds, so that two plans always give the same diff.
 */
const maxEdits = 1000;

/**
 * Compares the approved plan with the regenerated one. There are no thresholds: any difference counts, and `way` says
 * what is compared. Under `scope`, differences in words, steps and commands are allowed, and are reported.
 */
export function comparePlans(approved: Plan, regenerated: Plan, way: DriftWay): Comparison {
  const scope = compareScopes(approved.files, regenerated.files);
  const scopeDrifted = scope.added.length + scope.removed.length + scope.retyped.length > 0;
  const same = planJson(approved) === planJson(regenerated);
  return {
    drift: scopeDrifted ? 'scope-drift' : same || way === 'scope' ? null : 'plan-drift',
    scope,
    diff: same ? '' : diffPlans(approved, regenerated),
  };
}

function compareScopes(
  approved: readonly PlannedFile[],
  regenerated: readonly PlannedFile[],
): ScopeChange {
  const before = new Map(approved.map((file) => [file.path, file.operation]));
  const after = new Set(regenerated.map((file) => file.path));
  return {
    added: regenerated.filter((file) => !before.has(file.path)),
    removed: approved.filter((file) => !after.has(file.path)),
    retyped: regenerated.flatMap((file) => {
      const was = before.get(file.path);
      return was === undefined || was === file.operation ? [] : [{ ...file, was }];
    }),
  };
}

/**
 * The diff of the text that people read. If that is the same (null and '' are both shown as nothing), the diff of the
 * JSON.
 */
function diffPlans(approved: Plan, regenerated: Plan): string {
  const before = renderPlanText(approved);
  const after = renderPlanText(regenerated);
  if (before !== after) return diffTexts(before, after);
  const spelled = (plan: Plan) => `${JSON.stringify(plan, null, 2)}\n`;
  return diffTexts(spelled(approved), spelled(regenerated), 'plan.json');
}

/** A unified diff of two texts that end with a line feed. */
export function diffTexts(before: string, after: string, name = 'plan.txt'): string {
  const options = {
    context: 3,
    maxEditLength: maxEdits,
    headerOptions: FILE_HEADERS_ONLY,
  };
  return (
    createTwoFilesPatch(
      `approved/${name}`,
      `regenerated/${name}`,
      before,
      after,
      undefined,
      undefined,
      options,
    ) ?? replaceWhole(before, after, name)
  );
}

function replaceWhole(before: string, after: string, name: string): string {
  const old = before.split('\n').slice(0, -1);
  const now = after.split('\n').slice(0, -1);
  return `${[
    `--- approved/${name}`,
    `+++ regenerated/${name}`,
    `@@ -1,${old.length} +1,${now.length} @@`,
    ...old.map((line) => `-${line}`),
    ...now.map((line) => `+${line}`),
  ].join('\n')}\n`;
}
