/**
 * The forwarder: the first program in the box. The box has no network, only its own loopback, so the forwarder listens
 * there, leads every connection to the proxy's socket, and runs Codex with its own streams.
 *
 * It is text, for `node -e`, since a function of the bundle would be rewritten by the bundler. Arguments: the socket, the
 * port, the command. It must not come near `process.stdout`, as `pipe` and `console` do: Node then makes the stream
 * non-blocking, for Codex too, which was seen to lose what it printed and to wait for ever.
 */
export const FORWARDER = `
const { writeSync } = require('node:fs');
const net = require('node:net');
const { constants } = require('node:os');
const { spawn } = require('node:child_process');
const [socket, port, file, ...args] = process.argv.slice(1);

function pump(from, to) {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
}

function fail(status, message) {
  writeSync(2, message + '\\n');
  process.exit(status);
}

const server = net.createServer({ allowHalfOpen: true }, (inner) => {
  const outer = net.connect({ path: socket, allowHalfOpen: true });
  pump(inner, outer);
  pump(outer, inner);
  inner.on('error', () => outer.destroy());
  outer.on('error', () => inner.destroy());
  outer.on('close', () => inner.destroy());
  inner.on('close', () => outer.destroy());
});
server.on('error', (error) => fail(125, 'the loopback of the box: ' + error.message));
server.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(file, args, { stdio: 'inherit' });
  child.on('error', (error) => fail(127, 'codex: ' + error.message));
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal]);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
});
`;
