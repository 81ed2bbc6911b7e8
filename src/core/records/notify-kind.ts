/** What a message about a run is about, the kind that matters most first. */
export const notifyKinds = [
  'failed',
  'denied',
  'drifted',
  'approval-wanted',
  'executed',
  'none',
] as const;
export type NotifyKind = (typeof notifyKinds)[number];
