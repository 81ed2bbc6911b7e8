export * from './model.ts';
export * from './script.ts';
