/** The label of the samples, and events of it on the pull request of a story. */

import type { LabelChange, Labelling } from '../../src/core/life/timeline.ts';
import type { Approval } from '../../src/core/records/approval.ts';
import type { Comment } from '../../src/ports/comments.ts';
import { labelEvent } from '../core/samples.ts';

export const { label } = labelEvent;

/** The label event that the sample of an approval counts. */
export const set: Labelling = {
  id: labelEvent.id,
  kind: 'set',
  label,
  actor: { ...labelEvent.actor, type: 'User' },
  at: labelEvent.created_at,
};

/** The label set again, later. */
export const setAgain: Labelling = { ...set, id: 'LE_99', at: '2026-01-02T06:00:00Z' };

/** The label removed in between. */
export const removed: LabelChange = {
  ...set,
  id: 'UE_90',
  kind: 'removed',
  at: '2026-01-02T05:00:00Z',
};

/** The changes that make the sample of an approval rest on the second label event. */
export const bySecondLabel = {
  approvers: [
    {
      ...labelEvent.actor,
      permission: 'write',
      label_event: { id: setAgain.id, created_at: setAgain.at },
    },
  ],
  label_events: [{ ...labelEvent, id: setAgain.id, created_at: setAgain.at }],
  created_at: '2026-01-02T06:00:10Z',
  expires_at: '2026-01-03T06:00:00Z',
} satisfies Partial<Approval>;

/** The comment that asked for the plan of the samples. */
export const request: Comment = {
  id: 77,
  nodeId: null,
  url: '',
  authorId: 5,
  body: '/codex greet everybody',
  createdAt: '2026-01-02T03:00:00Z',
  updatedAt: '2026-01-02T03:00:00Z',
};
