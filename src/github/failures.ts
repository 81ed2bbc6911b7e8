/** Gives all failures of requests one form, for REST and GraphQL. */

import { z } from 'zod';
import type { Failure } from './refusals.ts';

/** One error of a GraphQL answer. */
export type GraphQlProblem = z.infer<typeof problem>;

const problem = z.object({
  type: z.string().nullish(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.int()])).nullish(),
});

/** GraphQL answers 200 whatever happened, and says what went wrong beside or in place of the data. */
const graphQlAnswer = z
  .object({ data: z.unknown().optional(), errors: z.array(problem).optional() })
  .refine(({ data, errors }) => data !== undefined || errors !== undefined);

/** The parts of an answer that are used. */
export interface Answer {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** It is thrown, so that it is handled like octokit's errors. */
export class GraphQlError extends Error {
  readonly failure: Failure;

  constructor(words: string, type: string | undefined, headers: Failure['headers']) {
    super(words);
    this.failure = { status: 200, words, headers, ...(type && { type }), cause: this };
  }
}

/** Undefined if the answer can be used. */
export function describeGraphQl(
  { data, headers }: Answer,
  tolerates: (problem: GraphQlProblem) => boolean = () => false,
): GraphQlError | undefined {
  const parsed = graphQlAnswer.safeParse(data);
  if (!parsed.success) return new GraphQlError('The answer is no GraphQL.', undefined, headers);
  const problems = (parsed.data.errors ?? []).filter((one) => !tolerates(one));
  if (problems.length === 0) return undefined;
  // If there are several, the one with a type says more.
  const first = problems.find(({ type }) => type) ?? problems[0];
  const words = problems.map(({ message }) => message).join(' ');
  return new GraphQlError(words, first?.type ?? undefined, headers);
}

/** Errors of the connection before anything was sent. */
const unsentCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** What octokit throws has status 500 also if there was no answer at all. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof GraphQlError) return error.failure;
  const { response, message = '' } = error as {
    response?: { status: number; headers: Failure['headers']; data?: unknown };
    message?: string;
  };
  if (response === undefined) {
    return { words: message, headers: {}, unsent: isUnsent(error), cause: error };
  }
  const { status, headers, data } = response;
  return { status, headers, words: wordsOf(data), cause: error };
}

function isUnsent(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (unsentCodes.has(String((at as { code?: unknown }).code))) return true;
  }
  return false;
}

const restError = z.object({
  message: z.string(),
  errors: z
    .array(z.union([z.string(), z.object({ message: z.string().nullish() })]))
    .nullish()
    .catch(null),
});

/** The message, and those of its parts that have one: `Validation Failed` alone says nothing. */
function wordsOf(data: unknown): string {
  const parsed = restError.safeParse(data);
  if (!parsed.success) return '';
  const parts = (parsed.data.errors ?? []).map((one) =>
    typeof one === 'string' ? one : (one.message ?? ''),
  );
  return [parsed.data.message, ...parts].filter((part) => part !== '').join(' ');
}
