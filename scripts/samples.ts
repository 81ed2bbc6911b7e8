/** Copies the evidence that `npm run demo` left in `demo/out` to `docs/samples`, which `docs/evidence.md` shows. */
import { cpSync, rmSync } from 'node:fs';

const from = new URL('../demo/out/evidence/', import.meta.url);
const to = new URL('../docs/samples/', import.meta.url);

rmSync(to, { recursive: true, force: true });
cpSync(from, to, { recursive: true });
