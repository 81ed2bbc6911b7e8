/** The form of each input's value, in one place for all code that reads it. An input that is not set is ''. */

export const longestLabel = 50;

export const inputForms = {
  label: /^[^\p{Cc},]+$/u,
  command: /^\/[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/,
  artifactPrefix: /^[a-z0-9][a-z0-9._-]{0,39}$/i,
  positiveInteger: /^[1-9]\d{0,9}$/,
  positiveNumber: /^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,6})?$/,
  codexVersion: /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/,
  model: /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/,
  effort: /^[a-z]{1,20}$/,
} as const;

export const defaultInputs = { label: 'approved-plan', command: '/codex', artifactPrefix: 'codex' };
