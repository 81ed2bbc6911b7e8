/**
 * The forwarder: the first program in the box. The box has no network, only its own loopback, so the forwarder listens
 * there, leads every connection to the proxy's socket, and runs Codex with its own streams.
 *
 * Codex shares its streams, and dies of a line that they do not take at once. A `pipe()` between streams looks at
 * `process.stdout`, which makes them so; hence `lead`.
 *
 * It is text, for `node -e`, since a function of the bundle would be rewritten by the bundler. Arguments: the socket, the
 * port, the command.
 */
export const FORWARDER = `
const net = require('node:net');
const { constants } = require('node:os');
const { spawn } = require('node:child_process');
const [socket, port, file, ...args] = process.argv.slice(1);

const lead = (from, to) => {
  from.on('data', (chunk) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from.on('end', () => to.end());
};

const server = net.createServer({ allowHalfOpen: true }, (inner) => {
  const outer = net.connect({ path: socket, allowHalfOpen: true });
  lead(inner, outer);
  lead(outer, inner);
  inner.on('error', () => outer.destroy());
  outer.on('error', () => inner.destroy());
  outer.on('close', () => inner.destroy());
  inner.on('close', () => outer.destroy());
});
server.on('error', (error) => {
  console.error('the loopback of the box: ' + error.message);
  process.exit(125);
});
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(file, args, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error('codex: ' + error.message);
    process.exit(127);
  });
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
});
`;
