/** GitHub's JSON for everything it knows, one function a schema. */
export * from './accounts.ts';
export * from './actions.ts';
export * from './commits.ts';
export * from './issues.ts';
export * from './pulls.ts';
export * from './repositories.ts';
