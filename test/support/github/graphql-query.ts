/** A field of a selection, with its arguments resolved. */
export interface Field {
  name: string;
  alias: string;
  args: Record<string, unknown>;
  fields: Field[];
}

/** One GraphQL operation. */
export interface Operation {
  kind: string;
  fields: Field[];
}

/** Reads a GraphQL document of one operation without fragments or directives. */
export function parseOperation(source: string, variables: Record<string, unknown>): Operation {
  const parser = new Parser(source, variables);
  return parser.operation();
}

const TOKEN =
  /\s*(?:#[^\n]*\n\s*)*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[_A-Za-z]\w*|\.\.\.|[{}()[\]:$!=|@,])[\s,]*/y;

class Parser {
  readonly #tokens: string[] = [];
  readonly #variables: Record<string, unknown>;
  #at = 0;

  constructor(source: string, variables: Record<string, unknown>) {
    this.#variables = variables;
    const pattern = new RegExp(TOKEN.source, 'y');
    while (pattern.lastIndex < source.length) {
      const from = pattern.lastIndex;
      const match = pattern.exec(source);
      if (!match) {
        if (source.slice(from).trim() === '') break;
        throw new Error(`not GraphQL at ${JSON.stringify(source.slice(from, from + 20))}`);
      }
      if (match[1] !== ',') this.#tokens.push(match[1] ?? '');
    }
  }

  operation(): Operation {
    let kind = 'query';
    if (this.#peek() !== '{') {
      kind = this.#take();
      while (this.#peek() !== '{' && this.#peek() !== '(') this.#take();
      if (this.#peek() === '(') this.#skipParentheses();
    }
    const fields = this.#selection();
    if (this.#peek() !== undefined) throw new Error('only one GraphQL operation is served');
    return { kind, fields };
  }

  #skipParentheses(): void {
    let depth = 0;
    do {
      const token = this.#take();
      if (token === '(') depth += 1;
      if (token === ')') depth -= 1;
    } while (depth > 0);
  }

  #selection(): Field[] {
    this.#take('{');
    const fields: Field[] = [];
    while (this.#peek() !== '}') fields.push(this.#field());
    this.#take('}');
    return fields;
  }

  #field(): Field {
    let name = this.#take();
    if (name === '...' || name === '@') throw new Error('GraphQL fragments are not served');
    let alias = name;
    if (this.#peek() === ':') {
      this.#take(':');
      name = this.#take();
    } else alias = name;
    const args = this.#peek() === '(' ? this.#members('(', ')') : {};
    const fields = this.#peek() === '{' ? this.#selection() : [];
    return { name, alias, args, fields };
  }

  #members(open: string, close: string): Record<string, unknown> {
    const members: Record<string, unknown> = {};
    this.#take(open);
    while (this.#peek() !== close) {
      const name = this.#take();
      this.#take(':');
      members[name] = this.#value();
    }
    this.#take(close);
    return members;
  }

  #value(): unknown {
    const next = this.#peek() ?? '';
    if (next === '{') return this.#members('{', '}');
    if (next === '[') {
      const items: unknown[] = [];
      this.#take('[');
      while (this.#peek() !== ']') items.push(this.#value());
      this.#take(']');
      return items;
    }
    this.#take();
    if (next === '$') {
      const name = this.#take();
      if (!(name in this.#variables)) throw new Error(`variable $${name} is not given`);
      return this.#variables[name];
    }
    if (next.startsWith('"')) return JSON.parse(next);
    if (/^-?\d/.test(next)) return Number(next);
    if (next === 'true' || next === 'false') return next === 'true';
    return next === 'null' ? null : next;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(expected?: string): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new Error('the GraphQL document ends early');
    if (expected !== undefined && token !== expected) {
      throw new Error(`GraphQL has ${token} where ${expected} belongs`);
    }
    return token;
  }
}
