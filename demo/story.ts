/** What is in the repository of the demo, and what the scripted model says in it. */
import {
  type Answer,
  create,
  patch,
  type Script,
  say,
  update,
} from '../test/support/model/index.ts';

export const prompt = 'add the value added tax to the total of the cart, with a test';

export const files = {
  'README.md': '# Shop\n',
  'package.json': '{ "scripts": {} }\n',
  'src/cart.ts':
    'export function total(prices: number[]): number {\n  return prices.reduce((sum, price) => sum + price, 0);\n}\n',
};

/** What the other pull request brings. From then on, Codex's plan has to include it. */
export const merged = {
  'src/currency.ts': "export const currency = 'EUR';\n",
};

/** How far the story is: whether that is merged, and what the model does at its next turns as editor. */
export const world: { merged: boolean; edits: Answer[] } = { merged: false, edits: [] };

function plan(): string {
  const plan = {
    title: 'Add the value added tax to the cart',
    summary:
      'Adds the value added tax to the total of the cart. The rate lives in a separate file.',
    steps: [
      { title: 'Hold the rate', detail: 'One constant, for one country.', paths: ['src/tax.ts'] },
      { title: 'Apply it', detail: 'Multiply the total by it.', paths: ['src/cart.ts'] },
    ],
    files: [
      { path: 'src/cart.ts', operation: 'modify', reason: 'Multiplies the total by the rate.' },
      { path: 'src/tax.ts', operation: 'create', reason: 'Holds the rate.' },
    ],
    commands: ['npm test'],
    risks: ['Prices that are shown change.'],
  };
  if (world.merged) {
    plan.steps.push({
      title: 'Name the currency',
      detail: 'The rate is that of a currency area.',
      paths: ['src/currency.ts'],
    });
    plan.files.push({
      path: 'src/currency.ts',
      operation: 'modify',
      reason: 'Names the currency area.',
    });
  }
  return JSON.stringify(plan);
}

const editCart = update(
  'src/cart.ts',
  '  return prices.reduce((sum, price) => sum + price, 0);',
  '  return prices.reduce((sum, price) => sum + price, 0) * (1 + rate);',
);
const createTax = create('src/tax.ts', 'export const rate = 0.2;\n');

/** What the plan says. */
export const edit: readonly Answer[] = [patch(editCart, createTax), say('The tax is in.')];

/** What the plan says, and one file more. */
export const editTooMuch: readonly Answer[] = [
  patch(editCart),
  patch(createTax),
  patch(update('package.json', '{ "scripts": {} }', '{ "scripts": { "test": "node --test" } }')),
  say('The tax is in, but I could not add a test script.'),
];

export const editWithCurrency: readonly Answer[] = [
  patch(
    update(
      'src/currency.ts',
      "export const currency = 'EUR';",
      "export const currency = 'EUR';\nexport const area = 'euro';",
    ),
  ),
  ...edit,
];

export const script: Script = {
  plan: () => plan(),
  edit: () => world.edits.shift() ?? say('Done.'),
};
