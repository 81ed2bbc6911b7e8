/** What is in the repository of the demo, and what the scripted model says in it. */
import { create, patch, type Script, say, update } from '../test/support/model/index.ts';

export const prompt = 'add the value added tax to the total of the cart, with a test';

export const files = {
  'README.md': '# Shop\n',
  'src/cart.ts':
    'export function total(prices: number[]): number {\n  return prices.reduce((sum, price) => sum + price, 0);\n}\n',
};

/** What the other pull request brings; Codex's plan has to take it into account from then on. */
export const merged = {
  'src/currency.ts': "export const currency = 'EUR';\n",
};

export const world = { merged: false };

function plan(): string {
  const plan = {
    title: 'Add the value added tax to the cart',
    summary: 'The total of the cart gets a tax, which has a file of its own.',
    steps: [
      { title: 'Hold the rate', detail: 'One constant, for one country.', paths: ['src/tax.ts'] },
      { title: 'Apply it', detail: 'Multiply the total by it.', paths: ['src/cart.ts'] },
    ],
    files: [
      { path: 'src/cart.ts', operation: 'modify', reason: 'applies the tax' },
      { path: 'src/tax.ts', operation: 'create', reason: 'holds the rate' },
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
    plan.files.push({ path: 'src/currency.ts', operation: 'modify', reason: 'names the area' });
  }
  return JSON.stringify(plan);
}

const edit = [
  patch(
    update(
      'src/cart.ts',
      '  return prices.reduce((sum, price) => sum + price, 0);',
      '  return prices.reduce((sum, price) => sum + price, 0) * (1 + rate);',
    ),
    create('src/tax.ts', 'export const rate = 0.2;\n'),
  ),
  say('The tax is in.'),
];

const editWithCurrency = [
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
  edit: (call) => {
    const items = world.merged ? editWithCurrency : edit;
    return items[call.turn - (world.merged ? edit.length : 0)] ?? say('Done.');
  },
};
