/**
 * The JSON schema that the API holds the planner's answer to, in strict mode: every key required, none additional. Codex
 * itself does not check it, so the answer is validated again by whoever reads it.
 */
const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;

function object(properties: Record<string, unknown>) {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  } as const;
}

export const planSchema = object({
  title: text,
  summary: text,
  steps: { type: 'array', items: object({ title: text, detail: text, paths: texts }) },
  files: {
    type: 'array',
    items: object({
      path: text,
      operation: { type: 'string', enum: ['create', 'modify', 'delete'] },
      reason: text,
    }),
  },
  commands: texts,
  risks: texts,
});
