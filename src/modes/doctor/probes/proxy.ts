import { fine, type Probe } from '../probe.ts';

const words = {
  about: 'Proxy',
  why: 'Behind a proxy of a company, the npm registry, GitHub and the model are reached through it.',
};

export const proxy: Probe = {
  ...words,
  needs: 'env: { HTTPS_PROXY: http://proxy.example.com:3128 }',
  async look({ machine }) {
    const names = machine.proxyVariables();
    return [fine(words, names.length === 0 ? 'No variable names one.' : `${names.join(', ')}.`)];
  },
};
