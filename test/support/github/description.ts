import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

type Json = Record<string, unknown>;

interface Operation {
  parameters?: Json[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Json }> };
  responses: Record<string, Json & { content?: Record<string, { schema?: Json }> }>;
  externalDocs?: { url?: string };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  'x-webhooks': Record<string, { post: Operation }>;
  components: Record<string, Record<string, Json>>;
}

let loaded: Document | undefined;

/** GitHub's own description of its REST API and webhooks; read when first asked for. */
function description(): Document {
  loaded ??= corrected(
    JSON.parse(
      readFileSync(
        createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json'),
        'utf8',
      ),
    ) as Document,
  );
  return loaded;
}

/** Answers that GitHub is known to give, and that its description leaves out. */
function corrected(document: Document): Document {
  const { schemas = {} } = document.components;
  for (const name of ['pull-request', 'pull-request-simple']) {
    // A deleted fork: `head.repo` is null, which the webhooks' description does say.
    const { head } = (schemas[name]?.properties ?? {}) as Record<string, Json>;
    const properties = head?.properties as Record<string, Json> | undefined;
    if (properties) properties.repo = { nullable: true, anyOf: [properties.repo] };
  }
  return document;
}

/**
 * Checks values against the schemas of the description, compiled when first needed. `strict`
 * also refuses members that GitHub does not document, so that no code relies on an invented one.
 */
class Schemas {
  readonly #ajv: Ajv;
  readonly #strict: boolean;
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #registered = new Set<string>();

  constructor(options: { strict: boolean; coerce?: boolean }) {
    this.#strict = options.strict;
    this.#ajv = new Ajv({
      strict: false,
      allErrors: false,
      coerceTypes: options.coerce ?? false,
      validateFormats: true,
      logger: false,
      // Each test uses a schema a few times: what makes compiling slow does not pay.
      code: { optimize: false },
      inlineRefs: false,
      validateSchema: false,
    });
    addFormats.default(this.#ajv);
    // The commits of a bot have an address with brackets: 41898282+github-actions[bot]@users.noreply.github.com
    this.#ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/);
  }

  /** What is wrong with a value, as one sentence; null if it fits. */
  problem(key: string, schema: Json, value: unknown): string | null {
    const validate = this.#validator(key, schema);
    if (validate(value)) return null;
    const error = deepest(validate.errors ?? []);
    const detail = error?.params ? ` ${JSON.stringify(error.params)}` : '';
    return `${error?.instancePath || '/'} ${error?.message}${detail}`;
  }

  #validator(key: string, schema: Json): ValidateFunction {
    const known = this.#compiled.get(key);
    if (known) return known;
    const converted = this.#convert(schema, false);
    const validate = this.#ajv.compile(converted as AnySchema);
    this.#compiled.set(key, validate);
    return validate;
  }

  /** OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, references become schema ids. */
  #convert(value: unknown, insideAllOf: boolean): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#convert(item, insideAllOf));
    if (value === null || typeof value !== 'object') return value;
    const schema = value as Json;
    if (typeof schema.$ref === 'string') return { $ref: this.#register(schema.$ref, insideAllOf) };
    const result: Json = {};
    for (const [name, member] of Object.entries(schema)) {
      if (ANNOTATIONS.has(name)) continue;
      if (name === 'properties') {
        result.properties = Object.fromEntries(
          Object.entries(member as Json).map(([key, part]) => [key, this.#convert(part, false)]),
        );
      } else if (SUBSCHEMAS.has(name)) {
        result[name] = this.#convert(member, name === 'allOf' || (name !== 'items' && insideAllOf));
      } else {
        result[name] = member;
      }
    }
    const closed = this.#strict && !insideAllOf && !schema.allOf && !schema.anyOf && !schema.oneOf;
    if (closed && schema.properties && schema.additionalProperties === undefined) {
      result.additionalProperties = false;
    }
    return schema.nullable === true ? { anyOf: [{ type: 'null' }, result] } : result;
  }

  #register(reference: string, insideAllOf: boolean): string {
    const id = `${reference.slice('#/components/schemas/'.length)}${insideAllOf ? '.open' : ''}`;
    if (!this.#registered.has(id)) {
      this.#registered.add(id);
      const schema = description().components.schemas?.[id.replace(/\.open$/, '')];
      if (!schema) throw new Error(`no schema ${id}`);
      this.#ajv.addSchema(this.#convert(schema, insideAllOf) as AnySchema, `schema:${id}`);
    }
    return `schema:${id}`;
  }
}

/** The error that says most: the most deeply nested one, and not one that only says "must be null". */
function deepest(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const depth = (error: ErrorObject) =>
    error.instancePath.split('/').length - (error.params.type === 'null' ? 0.5 : 0);
  return [...errors].sort((a, b) => depth(b) - depth(a))[0];
}

const ANNOTATIONS = new Set(['example', 'examples', 'default', 'description', 'title', 'nullable']);
const SUBSCHEMAS = new Set(['items', 'allOf', 'anyOf', 'oneOf', 'not', 'additionalProperties']);

const answers = new Schemas({ strict: true });
const errors = new Schemas({ strict: false });
const parameters = new Schemas({ strict: true, coerce: true });
const webhooks = new Schemas({ strict: false });

function operation(method: string, template: string): Operation | undefined {
  return description().paths[template]?.[method.toLowerCase()];
}

function resolve(value: Json): Json {
  let current = value;
  for (let depth = 0; typeof current.$ref === 'string' && depth < 5; depth++) {
    const [, , section = '', name = ''] = current.$ref.split('/');
    current = description().components[section]?.[name] ?? {};
  }
  return current;
}

/** The page on which GitHub documents an operation; used as `documentation_url` of its errors. */
export function documentationUrl(method: string, template: string): string {
  return operation(method, template)?.externalDocs?.url ?? 'https://docs.github.com/rest';
}

/** How a request differs from GitHub's description; null if it does not. */
export function requestProblem(request: {
  method: string;
  template: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** The parsed JSON body; undefined if the request has none. */
  body: unknown;
}): string | null {
  const described = operation(request.method, request.template);
  if (!described) return `${request.method} ${request.template} is not an operation of GitHub`;
  const known = (described.parameters ?? []).map(resolve);
  const key = `${request.method} ${request.template}`;
  for (const [name, value] of request.query) {
    const parameter = known.find((each) => each.in === 'query' && each.name === name);
    if (!parameter) return `GitHub knows no query parameter ${JSON.stringify(name)} here`;
    const problem = parameterProblem(key, parameter, value);
    if (problem) return problem;
  }
  for (const parameter of known) {
    const name = String(parameter.name);
    if (parameter.in === 'path') {
      const problem = parameterProblem(key, parameter, request.params[name] ?? '');
      if (problem) return problem;
    }
    if (parameter.in === 'query' && parameter.required && !request.query.has(name)) {
      return `query parameter ${name} is missing`;
    }
  }
  return bodyProblem(key, described, request.body);
}

function parameterProblem(key: string, parameter: Json, value: string): string | null {
  const name = String(parameter.name);
  const schema = { type: 'object', properties: { value: parameter.schema } };
  const problem = parameters.problem(`${key} ${name}`, schema, { value });
  return problem && `parameter ${name}: ${problem}`;
}

function bodyProblem(key: string, described: Operation, body: unknown): string | null {
  const content = described.requestBody?.content;
  if (!content) {
    const empty = body === undefined || (isObject(body) && Object.keys(body).length === 0);
    return empty ? null : 'GitHub expects no body here';
  }
  if (body === undefined) return described.requestBody?.required ? 'the body is missing' : null;
  const schema = content['application/json']?.schema;
  if (!schema) return null;
  const problem = answers.problem(`${key} body`, schema, body);
  return problem && `body ${problem}`;
}

/** How an answer differs from GitHub's description; null if GitHub could have sent it. */
export function answerProblem(answer: {
  method: string;
  template: string;
  status: number;
  body: unknown;
}): string | null {
  const described = operation(answer.method, answer.template);
  const response = described?.responses[answer.status];
  const key = `${answer.method} ${answer.template} ${answer.status}`;
  if (!response) {
    if (answer.status < 400) return `GitHub never answers ${answer.status} here`;
    const basic = { $ref: '#/components/schemas/basic-error' };
    return isObject(answer.body)
      ? errors.problem('error', basic, answer.body)
      : 'error without JSON';
  }
  const schema = resolve(response as Json).content as Record<string, { schema?: Json }> | undefined;
  const json = schema?.['application/json']?.schema;
  if (!json) {
    return answer.body === undefined || answer.status >= 400 ? null : 'GitHub sends no JSON here';
  }
  return (answer.status < 400 ? answers : errors).problem(key, json, answer.body);
}

/** How a webhook payload differs from GitHub's description (`pull-request-labeled`). */
export function webhookProblem(name: string, payload: unknown): string | null {
  const schema =
    description()['x-webhooks'][name]?.post.requestBody?.content?.['application/json']?.schema;
  return schema ? webhooks.problem(name, schema, payload) : `GitHub has no webhook ${name}`;
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
