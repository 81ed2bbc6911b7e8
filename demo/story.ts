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
export const feedback = 'hold one rate for each country, and let the caller say which';

const sum = '  return prices.reduce((sum, price) => sum + price, 0);';
const rounded = '  return Math.round(prices.reduce((sum, price) => sum + price, 0));';
const cart = (line: string) => `export function total(prices: number[]): number {\n${line}\n}\n`;

export const files = {
  'README.md': '# Shop\n',
  'package.json': '{ "scripts": {} }\n',
  'src/cart.ts': cart(sum),
};

/** What reaches the base while the plan is approved: it touches a planned file. */
export const rounding = { 'src/cart.ts': cart(rounded) };

/** What another pull request brings that touches no planned file. From then on, Codex's plan has to include it. */
export const currency = { 'src/currency.ts': "export const currency = 'EUR';\n" };

type Chapter = 'first' | 'revised' | 'second' | 'with currency';

/** How far the story is, and what the model does at its next turns as editor. */
export const world: { chapter: Chapter; edits: Answer[] } = { chapter: 'first', edits: [] };

function plan(): string {
  const perCountry = world.chapter === 'revised' || world.chapter === 'second';
  const plan = {
    title: 'Add the value added tax to the cart',
    summary:
      'Adds the value added tax to the total of the cart. The rate lives in a separate file.',
    steps: [
      {
        title: 'Hold the rate',
        detail: perCountry ? 'One rate for each country.' : 'One constant, for one country.',
        paths: ['src/tax.ts'],
      },
      { title: 'Apply it', detail: 'Multiply the total by it.', paths: ['src/cart.ts'] },
    ],
    files: [
      { path: 'src/cart.ts', operation: 'modify', reason: 'Multiplies the total by the rate.' },
      { path: 'src/tax.ts', operation: 'create', reason: 'Holds the rate.' },
    ],
    commands: ['npm test'],
    risks: ['Prices that are shown change.'],
  };
  const add = (title: string, detail: string, path: string, reason: string) => {
    plan.steps.push({ title, detail, paths: [path] });
    plan.files.push({ path, operation: 'modify', reason });
  };
  if (world.chapter === 'second') {
    add('Test it', 'Add a script for the tests.', 'package.json', 'Adds the test script.');
  }
  if (world.chapter === 'with currency') {
    const detail = 'The rate is that of a currency area.';
    add('Name the currency', detail, 'src/currency.ts', 'Names the currency area.');
  }
  return JSON.stringify(plan);
}

const done = say('The tax is in.');
const scripts = update(
  'package.json',
  '{ "scripts": {} }',
  '{ "scripts": { "test": "node --test" } }',
);
const createRate = create('src/tax.ts', 'export const rate = 0.2;\n');
const createRates = create('src/tax.ts', 'export const rates = { de: 0.19, fr: 0.2 };\n');
const tax = (line: string, factor: string) =>
  update('src/cart.ts', line, line.replace(/;$/, ` * (1 + ${factor});`));

/** What the first plan says. */
export const edit: readonly Answer[] = [patch(tax(sum, 'rate'), createRate), done];

/** What it says, and one file more. */
export const editTooMuch: readonly Answer[] = [
  patch(tax(sum, 'rate')),
  patch(createRate),
  patch(scripts),
  say('The tax is in, but I could not add a test script.'),
];

/** What the revised plan says, and the one on the new base. */
export const editRates: readonly Answer[] = [patch(tax(sum, 'rates.de'), createRates), done];
export const editRounded: readonly Answer[] = [patch(tax(rounded, 'rates.de'), createRates), done];

export const script: Script = {
  plan: () => plan(),
  edit: () => world.edits.shift() ?? say('Done.'),
};
