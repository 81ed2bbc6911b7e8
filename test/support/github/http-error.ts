/** An answer of GitHub that is not a success; handlers throw it. */
export class HttpError extends Error {
  readonly status: number;
  readonly extra: Record<string, unknown>;
  readonly headers: Record<string, string>;

  /** Status, `message`, further members of the JSON body (`errors`), further headers. */
  constructor(
    status: number,
    message: string,
    extra: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.extra = extra;
    this.headers = headers;
  }
}

/** A rule's refusal, which GraphQL tells with a separate type, or without one. */
export class RuleError extends HttpError {
  readonly type: string | undefined;

  constructor(message: string, type: string | undefined) {
    super(422, message);
    this.type = type;
  }
}

/** GitHub's 422 for a field that it does not accept. */
export function invalid(resource: string, field: string, message: string, code = 'custom') {
  return new HttpError(422, 'Validation Failed', {
    errors: [{ resource, field, code, message }],
  });
}

/** GitHub's 404. */
export function notFound(): HttpError {
  return new HttpError(404, 'Not Found');
}
