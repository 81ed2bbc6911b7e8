import type { EditReport } from '../../src/ports/agent.ts';

/** A run of Codex that was refused nothing. */
export const editReport: EditReport = {
  declined: [],
  refusedRequests: [],
  assessments: [],
  warnings: [],
  toolchain: { version: '0.171.0', model: 'm', effort: null, tools: [] },
  usage: { input: 1, cached: 0, output: 1, seconds: 1 },
  log: 'edit: codex 0.171.0\n',
};
