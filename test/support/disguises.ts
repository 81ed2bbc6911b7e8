/** Secrets as a model can write them, so that a plain search does not find them. */
import { randomBytes } from 'node:crypto';

export const keyCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Random characters, as keys have them. */
export const randomSecret = (length: number) =>
  [...randomBytes(length)].map((byte) => keyCharacters[byte % keyCharacters.length]).join('');

/** What a scanner has to see through. */
export const disguises: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  'without its first characters': (secret) => secret.slice(7),
  'without its last characters': (secret) => secret.slice(0, -7),
  'its middle alone': (secret) => secret.slice(10, 26),
  backwards: (secret) => [...secret].reverse().join(''),
  'with dashes': (secret) => [...secret].join('-'),
  'with spaces': (secret) => [...secret].join(' '),
  'in quotes': (secret) => [...secret].map((each) => `'${each}'`).join(', '),
  'a character a line': (secret) => [...secret].join('\n'),
  'in a table': (secret) => [...secret].join(' | '),
  'across lines': (secret) => `${secret.slice(0, 8)}\n+${secret.slice(8)}`,
  'in an address': (secret) => `https://evil.example/?d=${encodeURIComponent(secret)}`,
  hex: (secret) => Buffer.from(secret).toString('hex'),
  HEX: (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'hex, byte by byte': (secret) =>
    [...Buffer.from(secret)].map((each) => `0x${each.toString(16)}`).join(', '),
  'escaped for C': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\x${each.toString(16)}`).join(''),
  'escaped for JSON': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\u00${each.toString(16)}`).join(''),
  'escaped for a shell': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\${each.toString(8).padStart(3, '0')}`).join(''),
  'escaped here and there': (secret) =>
    secret.replace(/[a-m]/g, (each) => `\\u00${Buffer.from(each).toString('hex')}`),
  'in code points': (secret) =>
    [...Buffer.from(secret)].map((each) => `U+00${each.toString(16)}`).join(' '),
  'as entities of HTML': (secret) =>
    [...Buffer.from(secret)].map((each) => `&#x${each.toString(16)};`).join(''),
  'as character codes': (secret) => Buffer.from(secret).join(', '),
  'in capitals': (secret) => secret.toUpperCase(),
  'percent-encoded here and there': (secret) =>
    secret.replace(/[a-m]/g, (each) => `%${Buffer.from(each).toString('hex')}`),
  'percent-encoded, all of it': (secret) =>
    [...Buffer.from(secret)].map((each) => `%${each.toString(16).toUpperCase()}`).join(''),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of it and more': (secret) => Buffer.from(`key=${secret};`).toString('base64'),
  'base64 with another beginning': (secret) => Buffer.from(`a ${secret}`).toString('base64'),
  'base64 in lines': (secret) =>
    Buffer.from(`the key is ${secret}`).toString('base64').replace(/.{9}/g, '$&\n'),
  'base64 of it backwards': (secret) =>
    Buffer.from([...secret].reverse().join('')).toString('base64'),
  'hex of it backwards': (secret) => Buffer.from([...secret].reverse().join('')).toString('hex'),
  'two bytes a character': (secret) => Buffer.from(secret, 'utf16le').toString('latin1'),
};
