import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 42613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 20181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 35317:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("child_process");

/***/ }),

/***/ 49140:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("constants");

/***/ }),

/***/ 76982:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");

/***/ }),

/***/ 24434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 79896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 91943:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs/promises");

/***/ }),

/***/ 58611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 65692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 69278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 34589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 16698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 31421:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");

/***/ }),

/***/ 37540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 77598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 53053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 40610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 78474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 73024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 51455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 37067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 32467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 44708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 98995:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:module");

/***/ }),

/***/ 77030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 48161:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");

/***/ }),

/***/ 76760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:process");

/***/ }),

/***/ 41792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 57075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 46193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:string_decoder");

/***/ }),

/***/ 58500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 41692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 73136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 57975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 73429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 75919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 38522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 70857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 16928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 2203:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("stream");

/***/ }),

/***/ 13193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 53557:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("timers");

/***/ }),

/***/ 64756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 52018:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tty");

/***/ }),

/***/ 87016:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("url");

/***/ }),

/***/ 39023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 43106:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("zlib");

/***/ }),

/***/ 81287:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   c$: () => (/* binding */ warnOf),
/* harmony export */   dX: () => (/* binding */ tryTo),
/* harmony export */   fm: () => (/* binding */ cleaningUp),
/* harmony export */   xK: () => (/* binding */ followingUp)
/* harmony export */ });
/* harmony import */ var _decision_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(18335);
/**
 * The first error counts. A run that has failed still has to tell why, to record that, and to remove what it made. If one of
 * these fails as well, its error must not take the place of the first one. Otherwise the run would end for another reason,
 * and an approval could end, or stay, without a good reason.
 */

/** Runs a step that must not decide how the run ends. It never throws: its failure is a warning. */
async function tryTo(telling, step) {
    try {
        await step();
    }
    catch (error) {
        warnOf(error, telling);
    }
}
/**
 * Runs a task, and then what cleans up after it, however the task ended.
 * @returns what the task returns
 * @throws what the task throws, and nothing else
 */
async function cleaningUp(telling, task, cleanUp) {
    try {
        return await task();
    }
    finally {
        await tryTo(telling, cleanUp);
    }
}
/**
 * Runs a task. If it fails, what follows from that is done.
 * @param follow gets the error of the task
 * @returns what the task returns
 * @throws what the task throws, and nothing else
 */
async function followingUp(telling, task, follow) {
    try {
        return await task();
    }
    catch (error) {
        await tryTo(telling, () => follow(error));
        throw error;
    }
}
/** Tells of an error that decides nothing, because another one came first. It never throws. */
function warnOf(error, { failed, log }) {
    try {
        log.warn(`${failed} ${describe(error)}`);
    }
    catch {
        // What it says may hold a secret, which the log refuses.
        warnAlone(failed, log);
    }
}
function warnAlone(failed, log) {
    try {
        log.warn(failed);
    }
    catch {
        // Nobody can be told, and the first error still counts.
    }
}
/** A mistake in our code is told with the place where it was made. */
function describe(error) {
    const known = error instanceof _decision_js__WEBPACK_IMPORTED_MODULE_0__/* .Stopped */ .C9 ? error : (0,_decision_js__WEBPACK_IMPORTED_MODULE_0__/* .stoppedByMachine */ .E9)(error);
    if (known !== undefined)
        return known.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}


/***/ }),

/***/ 14305:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   R: () => (/* binding */ parseCommand)
/* harmony export */ });
/* harmony import */ var _text_characters_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(44656);
/**
 * Slash commands: which comments are commands, and what they ask for. A command counts only at the very beginning of
 * a comment: people who quote one are talking about it.
 */

const verbs = ['revise', 'without', 'withdraw', 'help'];
const maxNameLength = 40;
/**
 * What may follow the command: an optional verb, then the end or white space of any kind, since phones type no-break
 * spaces. Keyboards of scripts that run from right to left put direction marks around Latin words, and nobody sees them.
 */
const afterCommand = /^(?:-([^\p{White_Space}\u200e\u200f\u061c]*))?[\u200e\u200f\u061c]*(\p{White_Space}.*)?$/su;
/** One byte order mark, or direction marks. */
const beforeCommand = /^(?:\ufeff|[\u200e\u200f\u061c]*)/;
/**
 * @param body of a comment, whoever wrote it; such marks at the beginning are ignored
 * @param command the input of that name: a slash and a word
 * @returns undefined for a comment that is not a command; the command alone asks for help
 */
function parseCommand(body, command) {
    const start = beforeCommand.exec(body)?.[0].length ?? 0;
    const end = start + command.length;
    // Phones begin with a capital letter. A look-alike letter of another script makes it another word.
    if ((0,_text_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .lowerAscii */ .dq)(body.slice(start, end)) !== (0,_text_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .lowerAscii */ .dq)(command))
        return undefined;
    const match = afterCommand.exec(body.slice(end));
    if (match === null)
        return undefined;
    const [, name, rest = ''] = match;
    const text = /\P{White_Space}/u.test(rest) ? rest : '';
    if (name === undefined)
        return { verb: text === '' ? 'help' : 'plan', text };
    const verb = verbs.find((one) => one === (0,_text_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .lowerAscii */ .dq)(name));
    if (verb !== undefined)
        return { verb, text };
    return { verb: 'unknown', name: name.slice(0, maxNameLength).toWellFormed(), text };
}


/***/ }),

/***/ 66798:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ toMatrix),
/* harmony export */   _: () => (/* binding */ findImpactedTests)
/* harmony export */ });
/* harmony import */ var _text_globs_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(90507);
/** The tests to run for a change, by `tests` of the policy. */

/** GitHub starts at most 256 jobs of a matrix; a list that becomes an output has at most 100 entries. */
const mostEntries = 100;
const mostBytes = 64 * 1024;
const longestName = 80;
/** Each command once, in the order of the policy. */
function findImpactedTests(policy, paths) {
    const found = new Map();
    for (const { paths: globs, run } of policy.tests) {
        const files = paths.filter((path) => (0,_text_globs_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAny */ ._I)(globs, path));
        if (files.length === 0)
            continue;
        found.set(run, new Set([...(found.get(run) ?? []), ...files]));
    }
    return [...found].map(([run, files]) => ({ run, files: [...files] }));
}
/**
 * The matrix of a job that runs them. It never leaves a test out: if it is too large, first the lists of files are left
 * empty, then one entry runs all commands, one after the other.
 * @returns empty without tests, and if even that does not fit: then GitHub refuses the job, and it is red
 */
function toMatrix(tests) {
    const names = nameAll(tests.map(({ run }) => run));
    const whole = tests.map((test, index) => ({ name: names[index] ?? '', ...test }));
    const bare = whole.map((test) => ({ ...test, files: [] }));
    const all = [{ name: 'all', run: tests.map(({ run }) => run).join('\n'), files: [] }];
    const forms = tests.length > mostEntries ? [all] : [whole, bare, all];
    const fitting = tests.length === 0 ? undefined : forms.find(fits);
    return { include: fitting ?? [] };
}
function fits(include) {
    return Buffer.byteLength(JSON.stringify({ include })) <= mostBytes;
}
/** Two commands can have the same first line. */
function nameAll(runs) {
    const taken = new Map();
    return runs.map((run) => {
        const [line = ''] = run.split('\n', 1);
        const name = line.length > longestName ? `${line.slice(0, longestName).toWellFormed()}…` : line;
        const times = (taken.get(name) ?? 0) + 1;
        taken.set(name, times);
        return times === 1 ? name : `${name} (${times})`;
    });
}


/***/ }),

/***/ 8637:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ revealBlanks)
/* harmony export */ });
/**
 * Blanks that hide text. People see about a hundred columns and a few dozen lines. Text after 600 blanks or below 600
 * empty lines is read by a model and seen by nobody.
 */
/** Some screens show tabs wider. Important is only that nothing can hide after this many columns. */
const tabWidth = 4;
const widestRun = 40;
const mostEmptyLines = 8;
const runs = /[\t\p{Zs}]{2,}/gu;
const emptyLines = new RegExp(`(?<=\\n|^)(?:[\\t\\p{Zs}]*\\n){${mostEmptyLines + 1},}`, 'gu');
/**
 * Writes out runs of blanks that are wider than a reader expects, as `\u{20*600}`, and long runs of empty lines, as
 * one line `\u{a*600}`. Other blanks stay.
 * @param text in which each `\u{` already stands for a character that was written out
 */
function revealBlanks(text) {
    return text
        .replace(emptyLines, (lines) => `${writeOutRun(lines.slice(0, -1))}\n`)
        .replace(runs, (run) => (widthOf(run) > widestRun ? writeOutRun(run) : run));
}
/** Each run of one character, with its length. */
function writeOutRun(run) {
    return run.replace(/(.)\1*/gsu, (same, character) => {
        const point = character.codePointAt(0).toString(16);
        const count = same.length / character.length;
        return `\\u{${point}${count > 1 ? `*${count}` : ''}}`;
    });
}
function widthOf(blanks) {
    let width = 0;
    for (const blank of blanks)
        width += blank === '\t' ? tabWidth : blank === '\u3000' ? 2 : 1;
    return width;
}


/***/ }),

/***/ 44656:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  K1: () => (/* binding */ InvisibleError),
  gy: () => (/* binding */ dropMarks),
  v8: () => (/* binding */ findControl),
  tO: () => (/* binding */ findInvisible),
  h2: () => (/* binding */ hasPiledMarks),
  dq: () => (/* binding */ lowerAscii),
  pN: () => (/* binding */ mixesScripts),
  dy: () => (/* binding */ nameCharacter),
  af: () => (/* binding */ normaliseText),
  hR: () => (/* binding */ revealInvisible),
  sD: () => (/* binding */ writeOut)
});

;// CONCATENATED MODULE: ./build/core/text/invisible.js
/**
 * Which characters a reader sees, and which only a program sees.
 *
 * Text can be hidden in text: tag characters spell whole sentences that no screen draws, variation selectors and
 * zero-width characters carry bits, bidirectional overrides show another order than the one that is read ("Trojan
 * Source"). The same characters make flags, families and Persian words. So a character is judged by the sequence that
 * it is part of: emoji exactly as Unicode recommends them (UTS #51, RGI), joiners between letters of scripts that
 * join, one at a time.
 */
/** Nothing in such a text is hidden. */
const plain = /^[\t\n\x20-\x7e]*$/;
/**
 * Compiling expressions with Unicode tables takes as long as a whole run for an ordinary comment, so each is made
 * when it is first needed.
 */
function late(make) {
    let made;
    return () => {
        made ??= make();
        return made;
    };
}
/** Characters that are not drawn by themselves. For blanks see `blanks.ts`. */
const suspicious = late(() => /[[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]--[\t\n]]/v);
/**
 * An emoji that has suspicious characters in it, as long as possible, or one suspicious character. The search for
 * emoji is slow, so it is tried only at a beginning that fits. Compiling it takes 40 ms, because it lists all emoji.
 */
const special = late(() => new RegExp(`((?=\\p{Emoji}\\p{Emoji_Modifier}?[\\ufe0f\\u200d\\u{e0020}-\\u{e007f}])\\p{RGI_Emoji})|${suspicious().source}`, 'gv'));
/** Characters that have a text form and an emoji form. Digits have both, too, but nobody selects a form for them. */
const twoForms = late(() => /^[\p{Emoji}--[\p{Emoji_Modifier}\p{Regional_Indicator}0-9#*]]$/v);
/** Scripts whose letters join, or whose spelling needs joiners. */
const joiningScripts = [
    ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati'],
    ...['Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Tibetan'],
];
const joiningLetter = late(() => new RegExp(`^[[${joiningScripts.map((script) => `\\p{Script_Extensions=${script}}`).join('')}]&&[\\p{L}\\p{M}]]$`, 'v'));
const textPresentation = '\ufe0e';
const emojiPresentation = '\ufe0f';
const nonJoiner = '\u200c';
const joiner = '\u200d';
/** Soft hyphen and direction marks: keyboards and word processors insert them, and they change no word. */
const marks = new Map([
    ['\u00ad', 'soft hyphen'],
    ['\u200e', 'left-to-right mark'],
    ['\u200f', 'right-to-left mark'],
    ['\u061c', 'Arabic letter mark'],
]);
/** Names of hidden characters; the first that matches counts. */
const carriers = late(() => [
    [/[\u202a-\u202e\u2066-\u2069]/u, 'bidirectional override'],
    [/[\u{e0000}-\u{e007f}]/u, 'tag character'],
    [/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u180b-\u180d\u180f]/u, 'variation selector'],
    [/[\u200c\u200d]/u, 'joiner'],
    [/[\u2028\u2029]/u, 'line separator'],
    [/\p{Cc}/u, 'control character'],
    [/\p{Cs}/u, 'half of a surrogate pair'],
    [/\p{Co}/u, 'private-use character'],
    [/(?=\P{Default_Ignorable_Code_Point})\p{Cn}/u, 'unassigned character'],
]);
/**
 * Divides a text into pieces, in one pass. Tab and line feed count as shown. The version of Unicode that Node knows
 * decides what is shown. A newer emoji counts as hidden, so it is refused and not overlooked.
 */
function* piecesOf(text) {
    // Every match of the slow expression below has a suspicious character in it.
    if (plain.test(text) || !suspicious().test(text)) {
        if (text !== '')
            yield { is: 'shown', text };
        return;
    }
    let previous = '';
    let end = 0;
    for (const { 0: found, 1: emoji, index } of text.matchAll(special())) {
        if (index > end) {
            yield { is: 'shown', text: text.slice(end, index) };
            previous = lastOf(text, index);
        }
        end = index + found.length;
        if (emoji === undefined && marks.has(found)) {
            yield { is: 'mark', text: found };
            continue;
        }
        const shown = emoji !== undefined || isPresentation(found, previous) || joins(found, previous, text, end);
        yield { is: shown ? 'shown' : 'hidden', text: found };
        previous = found;
    }
    if (end < text.length)
        yield { is: 'shown', text: text.slice(end) };
}
/** The name of the kind of a hidden character. */
function nameHidden(character) {
    return (marks.get(character) ??
        carriers().find(([pattern]) => pattern.test(character))?.[1] ??
        'invisible character');
}
/** The character before a position. */
function lastOf(text, end) {
    const low = text.charCodeAt(end - 1);
    const isPair = low >= 0xdc00 && low <= 0xdfff && end > 1;
    return text.slice(end - (isPair ? 2 : 1), end);
}
/** One selector after a character that has two forms. */
function isPresentation(character, previous) {
    return ((character === textPresentation || character === emojiPresentation) && twoForms().test(previous));
}
/** A joiner between two letters that join, or, as in Malayalam, at the end of a word. */
function joins(character, previous, text, next) {
    if (character !== joiner && character !== nonJoiner)
        return false;
    if (!joiningLetter().test(previous))
        return false;
    const point = text.codePointAt(next);
    const following = point === undefined ? '' : String.fromCodePoint(point);
    return joiningLetter().test(following) || (character === joiner && following.trim() === '');
}

;// CONCATENATED MODULE: ./build/core/text/characters.js

const allowedInText = new Set(['\t', '\n']);
/**
 * The first character of `text` that a reader does not see, except tab and line feed. Soft hyphens and direction
 * marks count, so a file name cannot contain them.
 */
function findInvisible(text) {
    for (const piece of piecesOf(text))
        if (piece.is !== 'shown')
            return piece.text;
    return undefined;
}
/**
 * Drops soft hyphens and direction marks: people do not know that they typed them. A second time changes nothing.
 * @throws InvisibleError if anything else is hidden in the text
 */
function dropMarks(text) {
    const shown = [];
    const dropped = new Set();
    for (const piece of piecesOf(text)) {
        if (piece.is === 'hidden')
            throw new InvisibleError(describe(piece.text));
        if (piece.is === 'shown')
            shown.push(piece.text);
        else
            dropped.add(describe(piece.text));
    }
    return { text: shown.join(''), dropped: [...dropped] };
}
/** The message names the character: `U+202E (bidirectional override)`. */
class InvisibleError extends Error {
}
function describe(character) {
    return `${nameCharacter(character)} (${nameHidden(character)})`;
}
/** The first control character of `text`, except tab and line feed. */
function findControl(text) {
    for (const [character] of text.matchAll(/\p{Cc}/gu)) {
        if (!allowedInText.has(character))
            return character;
    }
    return undefined;
}
/**
 * Replaces each character that is not drawn by its number, as `\u{200b}`; tab and line feed stay. A backslash that
 * begins such a form is replaced, too, so that two different texts never look the same.
 */
function revealInvisible(text) {
    let shown = '';
    for (const piece of piecesOf(text.replaceAll('\\u{', '\\u{5c}u{'))) {
        shown += piece.is === 'shown' ? piece.text : writeOut(piece.text);
    }
    return shown;
}
/** Lower case for ASCII letters only: with full Unicode rules the Kelvin sign would become a `k`. */
function lowerAscii(text) {
    return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
/** `\u{200b}`: a character as the number of its code point. */
function writeOut(character) {
    return `\\u{${codePoint(character)}}`;
}
/** `U+200B`, for messages. */
function nameCharacter(character) {
    return `U+${codePoint(character).toUpperCase().padStart(4, '0')}`;
}
/**
 * More combining marks in a row than Unicode's stream-safe text has. The time to sort them grows with the square of
 * their number.
 */
function hasPiledMarks(text) {
    const pile = /\p{M}{31}/u;
    return pile.test(text) || pile.test(text.normalize('NFC'));
}
/** NFC, line feeds alone, and no blanks at the end of a line or of the text. */
function normaliseText(text) {
    const lines = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
    return trimAtEnd(lines.map((line) => trimAtEnd(line, ' \t')).join('\n'), '\n');
}
/** Without a regular expression: `/[ \t]+$/` takes quadratic time on a long run of blanks inside a line. */
function trimAtEnd(text, characters) {
    let end = text.length;
    while (end > 0 && characters.includes(text[end - 1]))
        end--;
    return text.slice(0, end);
}
function codePoint(character) {
    return character.codePointAt(0).toString(16);
}
/** Whether a word mixes Latin letters with letters of an alphabet that has look-alikes of them. */
function mixesScripts(text) {
    return (/\p{Script=Latin}/u.test(text) &&
        /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(text));
}


/***/ }),

/***/ 90507:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   MH: () => (/* binding */ coversEverything),
/* harmony export */   _I: () => (/* binding */ matchesAny),
/* harmony export */   pY: () => (/* binding */ checkGlob),
/* harmony export */   pZ: () => (/* binding */ GlobError)
/* harmony export */ });
/* harmony import */ var _paths_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(77112);

/** Why a text is not accepted as a glob; a sentence without the text itself. */
class GlobError extends Error {
}
const maxLength = 256;
const maxAlternatives = 64;
const anyFolders = '**';
const parsed = new WeakMap();
/**
 * The globs of the policy: `*` and `?` match characters of one name, `**` matches any folders, `{a,b}` gives
 * alternatives; everything else, brackets too, is literal. A glob that names a folder matches everything below it, as
 * in a .gitignore file. A form that would protect less than its author expects is refused.
 * @param glob as the policy file has it
 * @throws GlobError
 */
function checkGlob(glob) {
    if (glob === '')
        throw new GlobError('It is empty.');
    if (glob.length > maxLength)
        throw new GlobError(`It is longer than ${maxLength} characters.`);
    if (glob !== glob.trim())
        throw new GlobError('It begins or ends with a blank.');
    if (glob.includes('\\'))
        throw new GlobError('It holds a backslash; folders are divided by /.');
    if (glob.startsWith('!'))
        throw new GlobError('It begins with !, and there are no exceptions.');
    if (/[!?*+@]\(/.test(glob))
        throw new GlobError('Alternatives are written {a,b}.');
    const folded = (0,_paths_js__WEBPACK_IMPORTED_MODULE_0__/* .fold */ .AU)(glob);
    if (countSyntax(folded) !== countSyntax(glob)) {
        throw new GlobError('It holds a character that stands for one of * ? { } , . or /; write that one.');
    }
    for (const alternative of expand(folded)) {
        const segments = alternative.split('/');
        if (segments.at(-1) === '')
            throw new GlobError('It ends with /; write the folder without it.');
        if (segments.some((segment) => ['', '.', '..'].includes(segment))) {
            throw new GlobError('It is not relative to the root of the repository.');
        }
        // As a name, app/**.ts would be app/*.ts, and every folder below app would go unprotected.
        if (segments.some((segment) => segment.includes(anyFolders) && segment !== anyFolders)) {
            throw new GlobError('It has ** inside a name; the files of all folders are app/**/*.ts.');
        }
    }
}
/**
 * Whether one of the globs names the path, or a folder that the path lies in.
 *
 * Both sides are folded, so that another spelling of a protected path, which is the same file on some file system,
 * matches, too. Regular expressions are not used: with a few stars they take exponential time on a path that a model
 * chose.
 */
function matchesAny(globs, path) {
    let alternatives = parsed.get(globs);
    if (alternatives === undefined) {
        alternatives = globs.flatMap((glob) => expand((0,_paths_js__WEBPACK_IMPORTED_MODULE_0__/* .fold */ .AU)(glob)).map(parse));
        parsed.set(globs, alternatives);
    }
    const segments = (0,_paths_js__WEBPACK_IMPORTED_MODULE_0__/* .fold */ .AU)(path)
        .split('/')
        .map((segment) => [...segment]);
    return alternatives.some((alternative) => matchFolders(alternative, segments));
}
/** Folding turns some characters into these: a full-width star into a star, for example. */
function countSyntax(text) {
    return text.match(/[*?{},./]/g)?.length ?? 0;
}
/** Whether a glob matches every path: any folders, or any name at the root with everything below it. */
function coversEverything(glob) {
    return expand((0,_paths_js__WEBPACK_IMPORTED_MODULE_0__/* .fold */ .AU)(glob)).some((alternative) => {
        const names = alternative.split('/').filter((segment) => segment !== anyFolders);
        return names.length <= 1 && names.every(isAnyName);
    });
}
/** A name is never empty, so one `?` beside a star takes nothing away. */
function isAnyName(name) {
    return /^[*?]*$/.test(name) && name.includes('*') && name.split('?').length <= 2;
}
/** It ends in `**`, which also matches nothing, so the glob of a folder matches everything below it. */
function parse(glob) {
    return [...glob.split('/'), anyFolders].map((segment) => segment === anyFolders ? anyFolders : [...segment]);
}
function matchFolders(alternative, segments) {
    return match(alternative, segments, (wanted) => wanted === anyFolders, (wanted, segment) => wanted !== anyFolders && matchName(wanted, segment));
}
function matchName(wanted, name) {
    return match(wanted, name, (character) => character === '*', (character, found) => character === '?' || character === found);
}
/** The first match for the part after a star is as good as any later one, so only the last star is tried again. */
function match(wanted, found, isStar, fits) {
    let at = 0;
    let star = -1;
    let starEnd = 0;
    for (let next = 0; next < found.length;) {
        if (at < wanted.length && isStar(wanted[at])) {
            star = at++;
            starEnd = next;
        }
        else if (at < wanted.length && fits(wanted[at], found[next])) {
            at++;
            next++;
        }
        else if (star !== -1) {
            at = star + 1;
            next = ++starEnd;
        }
        else {
            return false;
        }
    }
    return wanted.slice(at).every(isStar);
}
/** Writes `{a,b}` out. */
function expand(glob) {
    const done = [];
    const open = [glob];
    for (let text = open.pop(); text !== undefined; text = open.pop()) {
        const end = text.indexOf('}');
        const start = text.lastIndexOf('{', end === -1 ? undefined : end);
        if (start === -1 && end === -1) {
            done.push(text);
        }
        else {
            const choices = end === -1 || start === -1 ? [] : text.slice(start + 1, end).split(',');
            if (choices.length < 2)
                throw new GlobError('Its braces are not alternatives like {a,b}.');
            for (const choice of choices)
                open.push(text.slice(0, start) + choice + text.slice(end + 1));
        }
        if (done.length + open.length > maxAlternatives) {
            throw new GlobError(`Its braces make more than ${maxAlternatives} alternatives.`);
        }
    }
    return done;
}


/***/ }),

/***/ 77112:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   AU: () => (/* binding */ fold),
/* harmony export */   B_: () => (/* binding */ tryPath),
/* harmony export */   EO: () => (/* binding */ parseExistingPath),
/* harmony export */   ER: () => (/* binding */ PathError),
/* harmony export */   Rr: () => (/* binding */ parsePath),
/* harmony export */   T3: () => (/* binding */ notUtf8),
/* harmony export */   Z$: () => (/* binding */ isGitFolder),
/* harmony export */   e_: () => (/* binding */ tryExistingPath),
/* harmony export */   f2: () => (/* binding */ byPath),
/* harmony export */   mR: () => (/* binding */ foldersWithout),
/* harmony export */   uW: () => (/* binding */ findTwin),
/* harmony export */   y5: () => (/* binding */ existingPathProblem),
/* harmony export */   z9: () => (/* binding */ pathProblem)
/* harmony export */ });
/* harmony import */ var _characters_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(44656);

/** The message says why a text is not such a path, without the text itself. */
class PathError extends Error {
}
/**
 * The beginning of what replaces a name in git that is not UTF-8; the bytes follow in hexadecimal digits. No name in
 * git contains a NUL, so no real name looks like this.
 */
const notUtf8 = '\0bytes:';
const maxBytes = 4096;
const maxSegmentBytes = 255;
const maxSegments = 64;
/** On Windows these names open a device, also with any extension, and with blanks before that. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$) *(?:\.|$)/;
/**
 * A path that means the same file to git, to every file system and to a reader: relative, `/`-separated, NFC, without
 * characters that are not drawn. Globs and git's pathspec magic are literal text: the action never expands a path.
 * @throws PathError
 */
function parsePath(text) {
    const problem = pathProblem(text);
    if (problem !== undefined)
        throw new PathError(problem);
    return text;
}
/** @returns undefined if `parsePath` throws */
function tryPath(text) {
    return pathProblem(text) === undefined ? text : undefined;
}
/**
 * A path that an existing file may have, however it is spelled: repositories contain decomposed names, names with a
 * colon or a backslash, names that differ only in case, and `aux.c`. The caller must find it in a tree, byte for
 * byte. Names that git itself refuses in a tree are refused here, too, and so are control characters, which no file
 * needs.
 * @throws PathError
 */
function parseExistingPath(text) {
    const problem = existingPathProblem(text);
    if (problem !== undefined)
        throw new PathError(problem);
    return text;
}
/** @returns undefined if `parseExistingPath` throws */
function tryExistingPath(text) {
    return existingPathProblem(text) === undefined ? text : undefined;
}
/** Why no file can have a path, as a sentence without the text itself; undefined if one can. */
function existingPathProblem(text) {
    const size = sizeProblem(text);
    if (size !== undefined)
        return size;
    if (text.split('/').some((segment) => segment.startsWith(notUtf8))) {
        return 'It is not valid Unicode.';
    }
    const control = /\p{Cc}/u.exec(text)?.[0];
    if (control !== undefined)
        return `It holds ${(0,_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .nameCharacter */ .dy)(control)}.`;
    if (text.startsWith('/'))
        return 'It is not relative.';
    const segments = text.split('/');
    if (segments.includes(''))
        return 'It has an empty segment.';
    if (segments.includes('.') || segments.includes('..'))
        return 'A segment is . or ..';
    return segments.some(isGitFolder) ? "It reaches into git's own folder." : undefined;
}
function sizeProblem(text) {
    if (!text.isWellFormed())
        return 'It is not valid Unicode.';
    if (Buffer.byteLength(text) > maxBytes)
        return `It is longer than ${maxBytes} bytes.`;
    const segments = text.split('/');
    if (segments.length > maxSegments)
        return `It is deeper than ${maxSegments} folders.`;
    return segments.some((segment) => Buffer.byteLength(segment) > maxSegmentBytes)
        ? `A segment is longer than ${maxSegmentBytes} bytes.`
        : undefined;
}
/** Why no file may be created at a path, as a sentence without the text itself; undefined if one may. */
function pathProblem(text) {
    const size = sizeProblem(text);
    if (size !== undefined)
        return size;
    if (text !== text.normalize('NFC'))
        return 'It is not in Unicode normal form C.';
    const hidden = (0,_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .findInvisible */ .tO)(text) ?? /[\t\n]/.exec(text)?.[0];
    if (hidden !== undefined)
        return `It holds ${(0,_characters_js__WEBPACK_IMPORTED_MODULE_0__/* .nameCharacter */ .dy)(hidden)}.`;
    if (text.startsWith('/') || text.startsWith('~'))
        return 'It is not relative.';
    if (text.includes('\\'))
        return 'It holds a backslash.';
    if (text.includes(':'))
        return 'It holds a colon.';
    return text
        .split('/')
        .map(segmentProblem)
        .find((problem) => problem !== undefined);
}
function segmentProblem(segment) {
    if (segment === '')
        return 'It has an empty segment.';
    if (segment !== segment.trim())
        return 'A segment begins or ends with white space.';
    const folded = fold(segment);
    if (/^\.+$/.test(folded))
        return 'A segment has only dots.';
    if (/[/\\:]/.test(folded))
        return 'A segment has a character that some systems read as /, \\ or :';
    if (segment.endsWith('.'))
        return 'A segment ends with a dot.';
    if (deviceName.test(folded))
        return 'A segment is a device name on Windows.';
    return isGitFolder(segment) ? "It reaches into git's own folder." : undefined;
}
/** `.git` in every spelling that some file system treats as the same, and its short name on Windows. */
function isGitFolder(segment) {
    const folded = fold(segment).replace(/[. ]+$/, '');
    return folded === '.git' || folded === 'git~1';
}
/**
 * Two paths with the same fold are the same file on some file system: compatibility forms, case, and characters that
 * are not drawn make no difference. Case goes down, up and down again: a capital sharp s meets ss by its lower case
 * alone, and a dotless i meets i by its upper case alone.
 */
function fold(path) {
    if (/^[\x20-\x7e]*$/.test(path))
        return path.toLowerCase();
    return path
        .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
        .normalize('NFKC')
        .toLowerCase()
        .toUpperCase()
        .toLowerCase()
        .normalize('NFKC');
}
/** Order by UTF-16 code units: the same on every machine and in every locale. */
function byPath(a, b) {
    return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
/**
 * Finds a path that differs from another one only in case or Unicode form, in the name of a folder or as a whole.
 * @param paths the paths that must not have a twin
 * @param others the other paths, for example those of the tree
 */
function findTwin(paths, others = []) {
    const known = newKnown('');
    for (const path of paths) {
        const twin = twinIn(known, path, true);
        if (twin !== undefined)
            return twin;
    }
    for (const path of others) {
        const twin = twinIn(known, path, false);
        if (twin !== undefined)
            return twin;
    }
    return undefined;
}
/** @param add whether to add names that are not known yet, or to stop there */
function twinIn(known, path, add) {
    let here = known;
    for (const [start, end] of namesOf(path)) {
        const name = path.slice(start, end);
        // One character can fold to more than one name.
        for (const folded of fold(name).split('/')) {
            const next = here.below.get(folded) ?? (add ? grow(here, folded, path.slice(0, end)) : null);
            if (next === null)
                return undefined;
            here = next;
        }
        if (here.path.slice(start) !== name)
            return [here.path, path.slice(0, end)];
    }
    return undefined;
}
/** The folders that contain none of the files. */
function foldersWithout(files, folders) {
    const found = new Set(folders);
    const known = newKnown('');
    for (const folder of found) {
        let here = known;
        for (const [start, end] of namesOf(folder)) {
            const name = folder.slice(start, end);
            here = here.below.get(name) ?? grow(here, name, folder.slice(0, end));
        }
    }
    for (const file of files) {
        let here = known;
        for (const [start, end] of namesOf(file)) {
            here = end < file.length ? here.below.get(file.slice(start, end)) : undefined;
            if (here === undefined)
                break;
            found.delete(here.path);
        }
    }
    return found;
}
function newKnown(path) {
    return { path, below: new Map() };
}
function grow(above, name, path) {
    const here = newKnown(path);
    above.below.set(name, here);
    return here;
}
/** Where each name of a path begins and ends. */
function* namesOf(path) {
    for (let start = 0, end = 0; end < path.length; start = end + 1) {
        const slash = path.indexOf('/', start);
        end = slash === -1 ? path.length : slash;
        yield [start, end];
    }
}


/***/ }),

/***/ 18335:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Bo: () => (/* binding */ CodexStopped),
  C9: () => (/* binding */ Stopped),
  WE: () => (/* binding */ explain),
  Kg: () => (/* binding */ isGood),
  ey: () => (/* binding */ isTemporary),
  Q: () => (/* binding */ stopReasons),
  E9: () => (/* binding */ stoppedByMachine),
  pq: () => (/* binding */ toStopped),
  BZ: () => (/* binding */ voidsApproval)
});

;// CONCATENATED MODULE: ./build/reasons/approval-reasons.js
/** Why a plan or its approval does not hold: it is missing, over, or about something else by now. */
const approvalReasons = {
    'plan-missing': {
        decision: 'failed',
        or: 'ignored',
        voids: 'in approve',
        what: 'There is no plan for this pull request.',
        next: 'Ask for one with the slash command.',
    },
    'plan-expired': {
        decision: 'denied',
        voids: 'always',
        what: 'The evidence of the plan is no longer stored.',
        next: 'Ask for a new plan, and raise retention-days if that happens often.',
    },
    'plan-superseded': {
        decision: 'denied',
        voids: 'always',
        what: 'A newer plan exists for this pull request.',
        next: 'Review and approve the newest plan.',
    },
    'plan-altered': {
        decision: 'denied',
        voids: 'always',
        what: 'The pull request does not show exactly what was recorded or asked.',
        next: 'If the plan is posted again, review it and set the label once more. Otherwise ask for a new plan.',
    },
    'plan-too-fresh': {
        decision: 'denied',
        voids: 'always',
        what: 'The label was set too soon after the plan was published for anybody to have read it.',
        next: 'Read the plan, then set the label again.',
    },
    'approval-precedes-plan': {
        decision: 'denied',
        voids: 'always',
        what: 'The label was set before the plan was published.',
        next: 'Read the plan, then set the label again.',
    },
    'votes-missing': {
        decision: 'denied',
        voids: 'always',
        what: 'Fewer people have approved than the policy asks for.',
        next: 'Have the remaining approvers set the label too.',
    },
    'approval-missing': {
        decision: 'failed',
        voids: 'in approve',
        what: 'There is no approval of this plan.',
        next: 'Review the plan and set the approval label.',
    },
    'approval-expired': {
        decision: 'denied',
        voids: 'always',
        what: 'The approval has expired.',
        next: 'Set the label again, or raise approvers.hours in the policy file or the input approval-hours.',
    },
    'approval-consumed': {
        decision: 'denied',
        voids: 'always',
        what: 'The approval has been used: its change is already committed.',
        next: 'Ask for a new plan for further changes.',
    },
    'label-missing': {
        decision: 'denied',
        voids: 'always',
        what: 'The label that approved the plan is no longer set.',
        next: 'Review the plan and set the label again.',
    },
    'verification-missing': {
        decision: 'failed',
        voids: 'in approve',
        what: 'There is no verification of this approval that is recent enough.',
        next: 'Run mode verify right before mode execute.',
    },
    'head-moved': {
        decision: 'denied',
        voids: 'always',
        what: 'The head of the pull request is not the commit that the plan was made on.',
        next: 'Ask for a new plan on the new head.',
    },
    'base-moved': {
        decision: 'denied',
        or: 'drifted',
        voids: 'always',
        what: 'The base changed files that the plan is about.',
        next: 'Update the branch with its base, then ask for a new plan.',
    },
    'plan-withdrawn': {
        decision: 'denied',
        or: 'ignored',
        voids: 'always',
        what: 'The plan was withdrawn.',
        next: 'Ask for a new plan.',
    },
};

;// CONCATENATED MODULE: ./build/reasons/change-reasons.js
/** Why evidence, paths or a change are refused. */
const changeReasons = {
    'provenance-mismatch': {
        decision: 'failed',
        voids: 'always',
        what: 'The evidence was not made by a trusted run.',
        next: 'Ask for a new plan with the workflow of the default branch, or list its file under workflows in the policy file.',
    },
    'digest-mismatch': {
        decision: 'failed',
        voids: 'always',
        what: 'The evidence does not have the digests that were recorded for it.',
        next: 'Ask for a new plan, and find out who changed the artifact.',
    },
    'artifact-invalid': {
        decision: 'failed',
        voids: 'always',
        what: 'The evidence archive is missing a part, has one too many, or cannot be read.',
        next: 'Ask for a new plan.',
    },
    'path-invalid': {
        decision: 'denied',
        voids: 'in approve',
        what: 'A path is not one that a plan may name.',
        next: 'Ask for a plan on ordinary files inside the repository.',
    },
    'path-protected': {
        decision: 'denied',
        voids: 'always',
        what: 'The plan touches a protected path.',
        next: 'Ask for a plan without it, have an approver with the needed role approve it, or change paths in the policy file.',
    },
    'outside-plan': {
        decision: 'denied',
        voids: 'always',
        what: 'The change touches files that were not approved.',
        next: 'Ask for a plan that names these files, or reject the change.',
    },
    'operation-mismatch': {
        decision: 'denied',
        voids: 'always',
        what: 'The change does something else to a file than was approved.',
        next: 'Ask for a plan that names the operation, or reject the change.',
    },
    'nothing-changed': {
        decision: 'failed',
        voids: 'always',
        what: 'Codex changed nothing.',
        next: 'Ask for a more specific plan; under before-write Codex changes text files only.',
    },
    'scope-drift': {
        decision: 'drifted',
        voids: 'always',
        what: "Today's plan names other files than the approved one.",
        next: 'Review what changed, ask for a new plan, and approve that.',
    },
    'plan-drift': {
        decision: 'drifted',
        voids: 'always',
        what: "Today's plan differs from the approved one.",
        next: 'Review what changed, ask for a new plan, and approve that.',
    },
    'untouched-denied': {
        decision: 'denied',
        voids: 'always',
        what: 'Codex left a planned file as it was.',
        next: 'Ask for a plan without that file, or set plans.untouched: warn in the policy file.',
    },
    'path-unsupported': {
        decision: 'denied',
        voids: 'in approve',
        what: 'The plan names a file that this action cannot change safely.',
        next: 'Ask for a plan without that file, and change it by hand.',
    },
    'evidence-inconsistent': {
        decision: 'failed',
        voids: 'never',
        what: 'Something in the evidence was changed, is missing, or does not follow from the rest.',
        next: 'Read the findings in the report. Rely on nothing of this plan before somebody has explained them.',
    },
    'commit-unproven': {
        decision: 'denied',
        voids: 'never',
        what: 'A commit of the pull request claims an approval that it does not have.',
        next: 'Remove the Codex-Plan trailers from the commit that the message names, or undo the rebase.',
    },
};

;// CONCATENATED MODULE: ./build/reasons/run-reasons.js
/** Why a run cannot do its work, or must not: the runner, Codex, GitHub, limits and brakes. */
const runReasons = {
    'platform-unsupported': {
        decision: 'failed',
        voids: 'never',
        what: 'The action lacks something: it needs github.com or GHE.com, and a Linux runner with user namespaces, git 2.38 or newer, and room on the disk.',
        next: 'Correct what the message names and run the job again, or use another runner, such as ubuntu-latest.',
    },
    'codex-unavailable': {
        decision: 'failed',
        voids: 'never',
        what: 'The Codex CLI cannot be installed or started.',
        next: 'Check codex-version and codex-path, and that the runner reaches the npm registry.',
    },
    'sandbox-unavailable': {
        decision: 'failed',
        voids: 'never',
        what: 'The sandbox cannot be started, and without it Codex is not run.',
        next: 'Use a runner that allows unprivileged user namespaces.',
    },
    'codex-failed': {
        decision: 'failed',
        voids: 'never',
        what: 'Codex ended without a result.',
        next: 'Check the key, the endpoint and the model, then run again.',
    },
    'codex-timeout': {
        decision: 'failed',
        voids: 'never',
        what: 'Codex did not finish in time and was stopped.',
        next: 'Ask for something smaller, or raise timeout-minutes.',
    },
    'plan-invalid': {
        decision: 'failed',
        voids: 'in approve',
        what: 'There is no valid plan: the model answered with none, or the command would leave none.',
        next: 'Read the details, then write the request or the command again.',
    },
    'secret-detected': {
        decision: 'failed',
        voids: 'in approve',
        what: 'The output contains a secret of this run and was withheld.',
        next: 'Rotate the secret, and find out how it came into reach.',
    },
    'limit-exceeded': {
        decision: 'failed',
        voids: 'in approve',
        what: 'Something is larger than the limit for it.',
        next: 'Ask for something smaller, or raise limits in the policy file.',
    },
    'permission-missing': {
        decision: 'failed',
        voids: 'never',
        what: 'The token lacks a permission that this step needs.',
        next: 'Add the permission that the message names to the job.',
    },
    'api-unavailable': {
        decision: 'failed',
        voids: 'never',
        what: 'GitHub did not answer as it should.',
        next: 'Run the job again.',
    },
    'github-refused': {
        decision: 'denied',
        voids: 'never',
        what: 'GitHub refused this for a reason that no permission of the job changes.',
        next: 'Read what GitHub says in the message: a rule of the branch, a lock or an access policy needs to change first.',
    },
    paused: {
        decision: 'denied',
        voids: 'never',
        what: 'The policy file pauses this action.',
        next: 'Remove paused from the policy file, then run the job again.',
    },
    'runs-spent': {
        decision: 'denied',
        voids: 'never',
        what: 'Codex ran as often for this pull request as the policy allows within 24 hours.',
        next: 'Wait, or raise limits.runs in the policy file, then run the job again.',
    },
    unhealthy: {
        decision: 'failed',
        voids: 'never',
        what: 'Doctor found something in the set-up that does not work.',
        next: 'Paste what the table of this run names for each line with a cross, then run doctor again.',
    },
    internal: {
        decision: 'failed',
        voids: 'in approve',
        what: 'Something went wrong inside the action.',
        next: 'Run the job again. If it happens again, report it with the log.',
    },
};

;// CONCATENATED MODULE: ./build/reasons/start-reasons.js
/** Why a run does not begin: its event, its workflow file, the person, the pull request or the request. */
const startReasons = {
    'not-a-command': {
        decision: 'ignored',
        voids: 'never',
        what: 'The comment asks for no plan.',
        next: 'Start a new comment with the command, followed by what you want done.',
    },
    'other-label': {
        decision: 'ignored',
        voids: 'never',
        what: 'The label is not the one that approves plans.',
        next: 'Set the approval label to approve the plan.',
    },
    'unsupported-event': {
        decision: 'failed',
        or: 'ignored',
        voids: 'never',
        what: 'This mode does not act on the event that started the workflow.',
        next: 'Use the events of the example workflows, and give pull-request if the event names none.',
    },
    'workflow-untrusted': {
        decision: 'failed',
        voids: 'never',
        what: 'The workflow file that runs is not the one of the default branch.',
        next: 'Trigger it by issue_comment, pull_request_target, schedule, or workflow_dispatch on the default branch.',
    },
    'actor-denied': {
        decision: 'denied',
        voids: 'always',
        what: 'Somebody does not have the permission that their part in this step needs.',
        next: 'Ask somebody with that permission, or lower requesters or approvers in the policy file.',
    },
    'bot-denied': {
        decision: 'denied',
        voids: 'always',
        what: 'A bot or an app asked for this step, and only people may.',
        next: 'Have a person write the comment or set the label.',
    },
    'self-approval': {
        decision: 'denied',
        voids: 'always',
        what: 'The approver is also the one who asked for the plan, or the author of the pull request.',
        next: 'Have somebody else approve, or set approvers.self or approvers.author in the policy file.',
    },
    'fork-denied': {
        decision: 'denied',
        voids: 'always',
        what: 'The pull request comes from a fork, or its source repository is gone.',
        next: 'Push the branch to this repository, or set forks: true in the policy file.',
    },
    'pull-request-closed': {
        decision: 'denied',
        voids: 'always',
        what: 'The pull request is closed or merged.',
        next: 'Reopen it, or ask for a plan on an open pull request.',
    },
    'merge-conflict': {
        decision: 'denied',
        voids: 'always',
        what: 'The pull request does not merge cleanly into its base.',
        next: 'Resolve the conflict on the branch, then ask for a new plan.',
    },
    'prompt-rejected': {
        decision: 'denied',
        voids: 'always',
        what: 'The request is empty or too long, or it has characters that no reader can see.',
        next: 'Write a new comment: the command, then a request in plain text.',
    },
    'config-invalid': {
        decision: 'failed',
        voids: 'never',
        what: 'An input or the policy file is not valid.',
        next: 'Correct what the message names, then run again.',
    },
    'draft-denied': {
        decision: 'denied',
        voids: 'in approve',
        what: 'The pull request is a draft.',
        next: 'Mark it as ready for review, or set plans.drafts: true in the policy file.',
    },
};

;// CONCATENATED MODULE: ./build/decision.js
/**
 * The closed vocabulary of outcomes: every run of the action ends in one decision and one reason code, each with a
 * sentence that says what happened and one that says what to do next.
 */




/** The good ends of a mode. */
const successes = [
    'planned',
    'approved',
    'verified',
    'executed',
    'refreshed',
    'healthy',
    'audited',
    'consistent',
];
const explanations = {
    ...startReasons,
    ...approvalReasons,
    ...changeReasons,
    ...runReasons,
};
const stopReasons = Object.keys(explanations);
function explain(reason) {
    return explanations[reason];
}
/** Whether a run that stopped for this reason can simply be repeated: it never ends an approval. */
function isTemporary(reason) {
    return explain(reason).voids === 'never';
}
/** The exit status is 0 for these, and 1 for all others. */
function isGood(decision) {
    return decision === 'ignored' || successes.some((success) => success === decision);
}
/**
 * The one way to stop a run, whoever made the mistake. `detail` is one sentence about this case; it may hold foreign
 * text, which is escaped where it is shown.
 */
class Stopped extends Error {
    reason;
    decision;
    /** The decision is about an earlier label event, or about an unknown one, so the present label stays. */
    keepsLabel;
    constructor(reason, detail, options) {
        super(detail, options);
        this.name = 'Stopped';
        this.reason = reason;
        this.decision = options?.decision ?? explain(reason).decision;
        this.keepsLabel = options?.keepsLabel ?? false;
    }
}
/**
 * @returns the error itself if it is a `Stopped`; platform-unsupported if the machine lacks something; otherwise internal,
 *   since then the action has made a mistake
 */
function toStopped(error) {
    const known = error instanceof Stopped ? error : stoppedByMachine(error);
    if (known !== undefined)
        return known;
    const detail = error instanceof Error ? error.message : 'An unknown error.';
    return new Stopped('internal', detail, { cause: error });
}
/** Codex was started, and the run ended without a result. */
class CodexStopped extends Stopped {
    /** The text of `run.log` so far. */
    log;
    constructor(reason, detail, log, options) {
        super(reason, detail, options);
        this.log = log;
    }
}
/** Codes of errors which say that the machine lacks something: those of the system, and those of Node for memory. */
const lacks = {
    ENOSPC: "The runner's disk is full",
    EDQUOT: "The runner's disk quota is used up",
    EROFS: "The runner's disk cannot be written",
    EIO: "The runner's disk fails",
    EFBIG: 'The runner limits the size of files',
    EMFILE: 'The runner lets the action open no more files',
    ENFILE: 'The runner opens no more files',
    ENOMEM: 'The runner has no memory left',
    ERR_MEMORY_ALLOCATION_FAILED: 'The runner has no memory left',
    Z_MEM_ERROR: 'The runner has no memory left',
    EAGAIN: 'The runner starts no more processes',
};
/** What V8 says if there is no memory for a buffer. The error has no code. */
const noBuffer = 'Array buffer allocation failed';
/**
 * How a run stops because the machine lacks something. The action made no mistake then, and the approval stays.
 * @param error as the system throws it, with its code
 * @returns undefined for every other error
 */
function stoppedByMachine(error) {
    const { code, message } = (error ?? {});
    const named = error instanceof RangeError && message === noBuffer ? 'ENOMEM' : code;
    const lack = typeof named === 'string' && Object.hasOwn(lacks, named) ? lacks[named] : undefined;
    if (lack === undefined)
        return undefined;
    return new Stopped('platform-unsupported', `${lack}: ${message}.`, { cause: error });
}
/**
 * Whether the error that ended a step ends the approval. An error that is not a `Stopped` is a mistake in our code.
 * @param step `approve`, or one that relies on a recorded approval
 */
function voidsApproval(error, step) {
    const { reason, decision, keepsLabel } = toStopped(error);
    const { voids } = explain(reason);
    return (decision !== 'ignored' &&
        !keepsLabel &&
        (voids === 'always' || (voids === 'in approve' && step === 'approve')));
}


/***/ }),

/***/ 14102:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Jg: () => (/* binding */ longestLabel),
/* harmony export */   c0: () => (/* binding */ inputForms),
/* harmony export */   jG: () => (/* binding */ defaultInputs)
/* harmony export */ });
/** The form of each input's value, in one place for all code that reads it. An input that is not set is ''. */
const longestLabel = 50;
const inputForms = {
    label: /^[^\p{Cc},]+$/u,
    command: /^\/[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/,
    artifactPrefix: /^[a-z0-9][a-z0-9._-]{0,39}$/i,
    positiveInteger: /^[1-9]\d{0,9}$/,
    positiveNumber: /^(?!0+(?:\.0+)?$)\d{1,6}(?:\.\d{1,6})?$/,
    codexVersion: /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/,
    model: /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/,
    effort: /^[a-z]{1,20}$/,
};
const defaultInputs = { label: 'approved-plan', command: '/codex', artifactPrefix: 'codex' };


/***/ }),

/***/ 14642:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ readCommand),
/* harmony export */   i: () => (/* binding */ readRequest)
/* harmony export */ });
/* harmony import */ var _core_plan_command_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(14305);
/* harmony import */ var _decision_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(18335);
/** What the event asks for. */


/** @throws Stopped unsupported-event, not-a-command, actor-denied, bot-denied, config-invalid */
function readRequest({ run, authority }, inputs) {
    const { trigger } = run;
    switch (trigger.kind) {
        case 'comment': {
            const { pullRequest, verb, text } = readCommand(trigger, inputs.command);
            const { commentId, issueAuthor: author } = trigger;
            const requester = authority.requirePerson(trigger.sender, trigger.viaApp);
            if (trigger.author.id !== requester.id) {
                throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('actor-denied', 'The comment is not by the account that started the run.');
            }
            const asked = { pullRequest, commentId, requester, text };
            return verb === 'plan' ? { verb, ...asked } : { verb, author, ...asked };
        }
        case 'dispatch': {
            const { pullRequest, prompt } = inputs;
            if (pullRequest === undefined || prompt === undefined) {
                throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('config-invalid', 'A dispatched plan needs the inputs pull-request and prompt.');
            }
            const requester = authority.requirePerson(trigger.sender);
            return { verb: 'plan', pullRequest, commentId: null, requester, text: prompt };
        }
        default:
            throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('unsupported-event', 'Mode plan runs on issue_comment and workflow_dispatch.');
    }
}
/**
 * What a comment asks for.
 * @param trigger the event, as GitHub vouches for it
 * @throws Stopped unsupported-event, not-a-command, each as ignored
 */
function readCommand(trigger, command) {
    const ignored = { decision: 'ignored' };
    if (trigger.action !== 'created') {
        throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('unsupported-event', 'The comment is not new: an edited one is not acted on.', ignored);
    }
    if (trigger.pullRequest === null) {
        throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('unsupported-event', 'The comment is not on a pull request.', ignored);
    }
    const found = (0,_core_plan_command_js__WEBPACK_IMPORTED_MODULE_0__/* .parseCommand */ .R)(trigger.body, command);
    if (found === undefined) {
        throw new _decision_js__WEBPACK_IMPORTED_MODULE_1__/* .Stopped */ .C9('not-a-command', `The comment does not begin with ${command}.`);
    }
    return { pullRequest: trigger.pullRequest, verb: found.verb, text: found.text };
}


/***/ }),

/***/ 84483:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ text),
/* harmony export */   n: () => (/* binding */ line)
/* harmony export */ });
/* harmony import */ var _core_text_blanks_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8637);
/* harmony import */ var _core_text_characters_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(44656);
/**
 * Writes foreign text as plain words on a page: a title, a reason, a sentence of GitHub's. It stays text everywhere
 * outside of code. It makes no link, image, list, table or heading. It mentions nobody and refers to no issue or
 * commit. It is no emoji, formula, alert or task, no marker of the action and no command to another bot.
 *
 * A backslash or an entity alone does not do that: GitHub looks for `@team`, `#1` and the like once more, in the text
 * that Markdown has made (seen: `\@user`, `&#64;user` and `\#1` still mention and refer). What it looks for has to be
 * in one piece, so an empty comment takes it apart. Readers see neither entities nor comments.
 */


/**
 * Takes the place of an empty comment until the end. Foreign text cannot hold this character, because private
 * characters are written out.
 */
const apart = '\ue000';
const emptyComment = '<!-- -->';
/** All characters that mean something to Markdown or GitHub in the middle of a line. */
const meaningful = /[&<>\\`*_[\]|~#@!^:+$]/g;
/** How GitHub's documentation writes a dollar sign that begins no formula. */
const dollar = '<span>&#36;</span>';
/** What GitHub recognises, and where each is split. The order matters: a later pattern can match inside an earlier one. */
const recognised = [
    // A commit: 7 to 40 hexadecimal digits. Also inside a longer word, because a pattern below may split that word.
    [/[0-9a-f]{7,}/gi, (digits) => digits.replace(/.{6}(?=.)/g, `$&${apart}`)],
    // A mention or an email address; an issue.
    [/[@#]/g, `$&${apart}`],
    // A web address.
    [/:\/\//g, `${apart}$&`],
    [/www/gi, `${apart}$&${apart}`],
    // GH-1, ENG-123, and every prefix that a repository can link to its issue tracker; an advisory.
    [/(?<=[0-9A-Za-z][-_+=:/])(?=\d)/g, apart],
    // The same with letters: what comes after a prefix can be alphanumeric.
    // https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/managing-repository-settings/configuring-autolinks-to-reference-external-resources
    [/(?<=\b[A-Z][A-Z0-9]+[-_+=:/])(?=[A-Za-z])/g, apart],
    [/\bGHSA-(?=\w)/gi, `$&${apart}`],
    // An emoji; a task, a footnote, an alert.
    [/:(?=[\w+-]+:)/g, `$&${apart}`],
    [/\[(?=[\sxX^!])/g, `$&${apart}`],
];
/**
 * Each line as a separate paragraph; empty lines are left out.
 * @param indent goes before each paragraph but the first, for an item of a list
 */
function text(foreign, indent = '') {
    return reveal(foreign)
        .split('\n')
        .map((paragraph) => writeLine(paragraph, /./su))
        .filter((paragraph) => paragraph !== '')
        .join(`\n\n${indent}`);
}
/**
 * One line, for any place after words of the action: in a sentence, a heading, a cell, the text of a link. Line feeds
 * are written out.
 * @param maxLength in characters; a longer text is cut and ends in an ellipsis
 */
function line(foreign, maxLength = Number.POSITIVE_INFINITY) {
    const whole = reveal(foreign).replaceAll('\n', _core_text_characters_js__WEBPACK_IMPORTED_MODULE_1__/* .writeOut */ .sD);
    const shown = whole.length > maxLength ? `${whole.slice(0, maxLength).toWellFormed()}…` : whole;
    // Words of the action come before it, so a letter or a digit cannot begin a list or a command.
    return writeLine(shown, /[^A-Za-z0-9]/u);
}
function reveal(foreign) {
    return (0,_core_text_blanks_js__WEBPACK_IMPORTED_MODULE_0__/* .revealBlanks */ .X)((0,_core_text_characters_js__WEBPACK_IMPORTED_MODULE_1__/* .revealInvisible */ .hR)(foreign));
}
/** @param atStart which first characters are written as an entity */
function writeLine(shown, atStart) {
    const trimmed = shown.trimEnd();
    const inPieces = recognised.reduce((pieces, [pattern, replacement]) => pieces.replace(pattern, replacement), trimmed);
    // An empty comment at the beginning of a line would begin a block of HTML.
    const [, blanks = '', first = '', rest = ''] = /^([\s\ue000]*)(.?)(.*)$/su.exec(inPieces) ?? [];
    const begin = atStart.test(first) ? entity(first) : first;
    return indentation(blanks) + begin + encode(rest);
}
function encode(pieces) {
    return pieces
        .replace(meaningful, (character) => (character === '$' ? dollar : entity(character)))
        .replace(/[ \t]{2,}|\t/g, keepBlanks)
        .replaceAll(apart, emptyComment);
}
/** Markdown would turn a line into code if blanks began it. */
function indentation(blanks) {
    return blanks.replaceAll(apart, '').replaceAll('\t', '    ').replace(/./gsu, noBreak);
}
/** Browsers show blanks in a row as one. */
function keepBlanks(blanks) {
    return ` ${'&nbsp;'.repeat(blanks.replaceAll('\t', '    ').length - 1)}`;
}
function noBreak(blank) {
    return blank === ' ' ? '&nbsp;' : entity(blank);
}
/** The first character of a paragraph is always written in this way: it begins no list, and no bot finds a command. */
function entity(character) {
    return `&#${character.codePointAt(0)};`;
}


/***/ }),

/***/ 44702:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   J$: () => (/* binding */ several),
/* harmony export */   P_: () => (/* binding */ describeUsage),
/* harmony export */   U9: () => (/* binding */ count),
/* harmony export */   k2: () => (/* binding */ describeTokens),
/* harmony export */   n$: () => (/* binding */ utc),
/* harmony export */   sX: () => (/* binding */ stopwatch)
/* harmony export */ });
/** Times, numbers and costs as people read them. */
/** @param time RFC 3339 in UTC, as records have it */
function utc(time) {
    return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}
/**
 * `23,411`. Without `toLocaleString`, because Node would load its language tables for it.
 * @param number a whole one
 */
function count(number) {
    return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
/** `1 file`, `2 files` */
function several(number, one, more = `${one}s`) {
    return `${count(number)} ${number === 1 ? one : more}`;
}
/** `23,411 tokens in (18,200 cached), 1,902 out` */
function describeTokens({ input, cached, output }) {
    return `${count(input)} tokens in (${count(cached)} cached), ${count(output)} out`;
}
/** Time and tokens of a run of Codex. A plan that somebody narrowed cost none. */
function describeUsage(usage) {
    if (usage.input === 0 && usage.output === 0)
        return 'no model was asked';
    return `${count(Math.round(usage.seconds))} s, ${describeTokens(usage)}`;
}
/** `0:03`, for a line of the log. */
function stopwatch(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}


/***/ }),

/***/ 14949:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  uu: () => (/* binding */ beginLog),
  _l: () => (/* binding */ checkTemporaryRoot),
  Ep: () => (/* binding */ conclude),
  df: () => (/* binding */ describePlace),
  $1: () => (/* binding */ failByDefault),
  ah: () => (/* binding */ keepForLaterSteps),
  Rm: () => (/* binding */ log),
  $l: () => (/* binding */ maskSecret),
  QN: () => (/* binding */ privateRoot),
  R5: () => (/* binding */ readInput)
});

// UNUSED EXPORTS: temporaryRoot

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(73024);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __nccwpck_require__(48161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(76760);
// EXTERNAL MODULE: ./build/decision.js + 4 modules
var build_decision = __nccwpck_require__(18335);
// EXTERNAL MODULE: ./build/core/policy/impacted-tests.js
var impacted_tests = __nccwpck_require__(66798);
;// CONCATENATED MODULE: ./build/outputs.js


/** A list that becomes an output is whole or empty, so that a later step that puts it into `env` can always start. */
const mostEntries = 100;
const mostBytes = 64 * 1024;
/**
 * Every output by its name, as closed values: enumerations, digests, numbers, JSON, and paths and addresses of the
 * action.
 */
function toOutputs(mode, outcome, facts) {
    const { decision } = outcome;
    const several = facts.pullRequests;
    const outputs = {
        decision,
        'reason-code': outcome.reason,
        notify: facts.notify ?? 'none',
        ...toSingleOutputs(decision, several === undefined ? facts : {}),
        // The one file is about all of them.
        'notification-path': facts.notificationPath ?? null,
    };
    return {
        ...outputs,
        result: {
            schema: 'codex-plan-result/v1',
            mode,
            ...outputs,
            ...(several === undefined
                ? {}
                : {
                    pull_requests: several.map(toPullRequest),
                    left_pull_requests: facts.leftPullRequests ?? [],
                }),
            detail: describe(outcome),
        },
    };
}
function toSingleOutputs(decision, facts) {
    return {
        state: facts.state ?? null,
        'plan-id': facts.planId ?? null,
        'plan-sha256': facts.planSha256 ?? null,
        'prompt-sha256': facts.promptSha256 ?? null,
        ...toList('files', facts.files),
        'artifact-id': facts.artifactId ?? null,
        'artifact-url': facts.artifactUrl ?? null,
        'comment-url': facts.commentUrl ?? null,
        'pull-request': facts.pullRequest ?? null,
        'head-sha': facts.headSha ?? null,
        approved: decision === 'approved',
        approver: facts.approver ?? null,
        ...toList('denied-files', facts.deniedFiles),
        verified: decision === 'verified',
        // Also if this run repeats a drift that an earlier one found.
        drift: facts.drift ?? decision === 'drifted',
        'drift-diff': facts.driftDiff ?? null,
        'evidence-path': facts.evidencePath ?? null,
        ...toList('impacted-tests', facts.impactedTests?.map(({ run }) => run)),
        'has-tests': (facts.impactedTests ?? []).length > 0,
        'test-matrix': (0,impacted_tests/* toMatrix */.D)(facts.impactedTests ?? []),
        'commit-sha': facts.commitSha ?? null,
        tokens: facts.tokens ?? { input: 0, cached: 0, output: 0 },
    };
}
/** The list under its name, or nothing of it; the number of its entries beside it in either case. */
function toList(name, list = []) {
    const fits = list.length <= mostEntries && Buffer.byteLength(JSON.stringify(list)) <= mostBytes;
    return { [name]: fits ? list : [], [`${name}-count`]: list.length };
}
function toPullRequest({ reason, ...facts }) {
    return {
        'pull-request': facts.pullRequest,
        'reason-code': reason,
        state: facts.state ?? null,
        notify: facts.notify ?? 'none',
        'plan-id': facts.planId ?? null,
        'head-sha': facts.headSha ?? null,
    };
}
/** In words of the action only: the sentence about this case can hold a model's or GitHub's, and is in the log. */
function describe({ decision, reason }) {
    return reason === 'ok' ? `The run ended as ${decision}.` : (0,build_decision/* explain */.WE)(reason).what;
}

// EXTERNAL MODULE: ./build/report/foreign-text.js
var foreign_text = __nccwpck_require__(84483);
// EXTERNAL MODULE: ./build/core/text/characters.js + 1 modules
var characters = __nccwpck_require__(44656);
;// CONCATENATED MODULE: ./build/report/log.js

const gutter = '│ ';
/**
 * Foreign text for the log, each line after a gutter. The runner obeys `::command::` at the start of a line, even after
 * white space, and `##[command]` anywhere in a line. A single carriage return ends a line, too.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
function logLines(text) {
    return text
        .split(/\r\n|\r|\n/)
        .map((line) => `${gutter}${(0,characters/* revealInvisible */.hR)(line).replaceAll('##[', '## [')}`);
}
/** One sentence for an annotation. `workflow-commands.ts` escapes line ends; nothing else has a meaning there but `##[`. */
function annotation(text) {
    return (0,characters/* revealInvisible */.hR)(text.replace(/[\r\n]+/g, ' ')).replaceAll('##[', '## [');
}

// EXTERNAL MODULE: ./build/report/words.js
var words = __nccwpck_require__(44702);
;// CONCATENATED MODULE: ./build/system/own-output.js
/**
 * Keeps other text out of the log. The toolkit describes each step of an upload on standard output, which made most
 * of the lines. Workflow commands are let through, because the toolkit masks addresses and warns with them.
 */
let own = false;
/** Writes to standard output as the action itself. */
function asOwn(write) {
    own = true;
    try {
        write();
    }
    finally {
        own = false;
    }
}
/**
 * From now on only the text of `asOwn`, and workflow commands except debug lines, reach standard output.
 * @param all whether everything does, for a job with debug logging
 * @returns a function that ends this
 */
function keepOthersOut(all) {
    const { stdout } = process;
    const write = stdout.write;
    const pass = write.bind(stdout);
    stdout.write = ((chunk, ...rest) => {
        if (all || own || isCommand(chunk))
            return pass(chunk, ...rest);
        for (const callback of rest)
            if (typeof callback === 'function')
                callback();
        return true;
    });
    return () => {
        stdout.write = write;
    };
}
/** In the way in which the toolkit writes them: one for each call, beginning with the first character. */
function isCommand(chunk) {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return text.startsWith('::') && !text.startsWith('::debug::');
}

// EXTERNAL MODULE: ./build/system/random-name.js
var random_name = __nccwpck_require__(79805);
// EXTERNAL MODULE: ./build/system/reachable.js
var reachable = __nccwpck_require__(41139);
;// CONCATENATED MODULE: ./build/system/workflow-commands.js
/**
 * How a step speaks to its runner: inputs, outputs, log lines, masks and the job summary. `@actions/core` does the
 * same, but it also loads an HTTP client, which took longer than the whole run for a comment that is not a command.
 * `test/system/workflow-commands.test.ts` compares both, byte by byte.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */



/** The value of an input; '' if it is not set. */
function getInput(name) {
    return process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
}
/** Whether the job has debug logging. */
function isDebug() {
    return process.env.RUNNER_DEBUG === '1';
}
/** Has the runner mask this text in the log. */
function setSecret(secret) {
    command('add-mask', secret);
}
function startGroup(title) {
    command('group', title);
}
function endGroup() {
    command('endgroup', '');
}
/** A line without escaping: the runner obeys a command in it. */
function info(line) {
    process.stdout.write(line + external_node_os_.EOL);
}
function warning(message) {
    command('warning', message);
}
/** @param title shown above the message */
function workflow_commands_error(message, title) {
    command('error', message, title);
}
/**
 * Sets outputs of the step. Each delimiter is random, so that no value can declare another output.
 * @param outputs by name; a value that is not a string becomes JSON, null becomes ''
 * @throws Error if the runner's file is missing
 */
function setOutputs(outputs) {
    const all = Object.entries(outputs).map(([name, value]) => ({ name, text: toText(value) }));
    const file = process.env.GITHUB_OUTPUT;
    if (!file) {
        for (const { name, text } of all) {
            process.stdout.write(external_node_os_.EOL);
            process.stdout.write(`::set-output name=${escapeProperty(name)}::${escapeData(text)}${external_node_os_.EOL}`);
        }
        return;
    }
    // If the file does not exist, the runner did not make it, and nobody would read it.
    if (!(0,external_node_fs_.existsSync)(file))
        throw new Error(`Missing file at path: ${file}`);
    const lines = all.map(({ name, text }) => {
        const delimiter = `ghadelimiter_${(0,random_name/* randomName */.Z)()}`;
        return `${name}<<${delimiter}${external_node_os_.EOL}${text}${external_node_os_.EOL}${delimiter}${external_node_os_.EOL}`;
    });
    (0,external_node_fs_.appendFileSync)(file, lines.join(''));
}
let summary = '';
/** Adds Markdown to the job summary, and a line end. */
function addToSummary(markdown) {
    summary += markdown + external_node_os_.EOL;
}
/** Whether nothing was added since it was last written. */
function isSummaryEmpty() {
    return summary === '';
}
/** @throws Error if the runner's file is missing, or cannot be read and written */
function writeSummary() {
    const file = process.env.GITHUB_STEP_SUMMARY;
    if (!file)
        throw new Error('The runner names no file for the job summary.');
    (0,external_node_fs_.accessSync)(file, external_node_fs_.constants.R_OK | external_node_fs_.constants.W_OK);
    (0,external_node_fs_.appendFileSync)(file, summary);
    summary = '';
}
function command(name, message, title = '') {
    const properties = title === '' ? '' : ` title=${escapeProperty(title)}`;
    process.stdout.write(`::${name}${properties}::${escapeData(message)}${external_node_os_.EOL}`);
}
function toText(value) {
    if (value === null || value === undefined)
        return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
}
function escapeData(text) {
    return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
function escapeProperty(text) {
    return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

;// CONCATENATED MODULE: ./build/runner.js
/** The runner that the action is a step of: its inputs, outputs, log, summary and folders. */












/** The value of an input; '' if it is not set. */
function readInput(name) {
    return getInput(name);
}
/** Has the runner mask a secret in the log. */
function maskSecret(secret) {
    setSecret(secret);
}
/** Whether the last part of the story is still open. */
let inStep = false;
function endStep() {
    if (inStep)
        asOwn(() => endGroup());
    inStep = false;
}
/**
 * Keeps what the toolkit says out of the log, unless the job is debugged.
 * @returns a function that ends this
 */
function beginLog() {
    inStep = false;
    return keepOthersOut(isDebug());
}
/** Foreign text is escaped here; secrets are looked for before. */
const log = {
    step: (title) => {
        endStep();
        asOwn(() => startGroup(annotation(title)));
        inStep = true;
    },
    progress: (line) => {
        for (const each of logLines(line))
            asOwn(() => info(each));
    },
    warn: (line) => warning(annotation(line)),
    summarise: (markdown) => {
        addToSummary(markdown);
    },
};
function temporaryRoot() {
    return process.env.RUNNER_TEMP || (0,external_node_os_.tmpdir)();
}
/** @throws Stopped platform-unsupported if nothing can be written there */
function checkTemporaryRoot() {
    try {
        (0,external_node_fs_.accessSync)(temporaryRoot(), external_node_fs_.constants.W_OK | external_node_fs_.constants.X_OK);
    }
    catch (cause) {
        const why = `RUNNER_TEMP cannot be written. ${cause.message}.`;
        throw new build_decision/* Stopped */.C9('platform-unsupported', why, { cause });
    }
}
/**
 * Where this run keeps what later steps do not need. The box's user must be able to pass through, which nobody but root
 * can do if the runner is in a private folder, as in `/root`.
 */
function privateRoot() {
    const places = [temporaryRoot(), '/var/tmp', '/tmp'];
    if (process.getuid?.() !== 0)
        return temporaryRoot();
    return (places.find((place) => (0,external_node_fs_.existsSync)(place) && (0,reachable/* isReachable */.k)((0,external_node_path_.join)((0,external_node_fs_.realpathSync)(place), '_'))) ??
        temporaryRoot());
}
/** Kept after the run, so that later steps can read the files that the outputs point to. */
async function keepForLaterSteps(name, members) {
    const folder = (0,external_node_path_.join)(temporaryRoot(), `codex-${name}-${(0,random_name/* randomName */.Z)()}`);
    (0,external_node_fs_.mkdirSync)(folder, { mode: 0o700 });
    for (const [file, content] of members) {
        const path = (0,external_node_path_.join)(folder, file);
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(path), { recursive: true, mode: 0o700 });
        (0,external_node_fs_.writeFileSync)(path, content);
    }
    return folder;
}
/**
 * Where the run is, as the runner says it; null if it says something else than GitHub ever would: links are made of it.
 */
function describePlace(env) {
    const { GITHUB_REPOSITORY: repository = '', GITHUB_RUN_ID = '' } = env;
    const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
    const isWhole = /^[\w.-]+\/[\w.-]+$/.test(repository) &&
        /^https:\/\/[\w.-]+$/.test(server) &&
        /^[1-9]\d*$/.test(GITHUB_RUN_ID);
    if (!isWhole)
        return null;
    return { repository, repositoryUrl: `${server}/${repository}`, runId: Number(GITHUB_RUN_ID) };
}
/**
 * Each is guarded by a random delimiter, so no text can declare another one.
 * @returns whether they could be written; if not, the log says why
 */
function runner_setOutputs(...found) {
    try {
        setOutputs(toOutputs(...found));
        return true;
    }
    catch (error) {
        // For example, the disk is full. Later steps must not go on as if this one had told them something.
        const why = `The outputs could not be written, so the step fails. ${error.message}`;
        workflow_commands_error(annotation(why));
        return false;
    }
}
/**
 * Fail by default: if a promise never settles, Node exits with status 0 and the step would look green.
 * @returns false if the run must not begin, since nobody would learn how it ends
 */
function failByDefault() {
    process.exitCode = 1;
    const detail = 'The run did not come to its end.';
    const outcome = { decision: 'failed', reason: 'internal', detail };
    if (!runner_setOutputs('', outcome, { notify: 'failed' }))
        return false;
    process.once('beforeExit', reportUnfinished);
    return true;
}
/** What people do after a good end. */
const nextSteps = {
    planned: 'Read the plan, then set the approval label.',
    approved: 'The workflow verifies the plan and commits the sealed change.',
    verified: 'Mode execute commits the sealed change.',
    executed: 'Review the commit.',
};
function describeCost({ tokens, modelAsked, codexSeconds = 0 }, calls) {
    const none = modelAsked ? 'Codex stopped before it told its tokens' : 'no model was asked';
    const codex = tokens === undefined ? none : `Codex ${Math.round(codexSeconds)} s, ${(0,words/* describeTokens */.k2)(tokens)}`;
    return `Cost: ${(0,words/* several */.J$)(calls, 'call')} to GitHub, ${codex}.`;
}
/** What a sentence about one case may take of the summary. */
const maxDetail = 4000;
function reportUnfinished() {
    workflow_commands_error('failed (internal): The run stopped in the middle: it waited for what never came.');
}
/**
 * Writes the outcome everywhere: log, summary, outputs, exit status.
 * @param mode '' if the run ended before the mode was known
 * @param calls to GitHub that counted against the allowance
 */
function conclude(mode, outcome, facts, calls) {
    const { decision, reason, detail } = outcome;
    const explanation = reason === 'ok' ? undefined : (0,build_decision/* explain */.WE)(reason);
    const next = reason === 'ok' ? nextSteps[outcome.decision] : explanation?.next;
    const sentences = [explanation?.what, detail, next && `Next: ${next}`].filter(Boolean).join(' ');
    const message = annotation(`${decision} (${reason}): ${sentences}`);
    const cost = describeCost(facts, calls);
    endStep();
    if ((0,build_decision/* isGood */.Kg)(decision))
        asOwn(() => info(message));
    else
        workflow_commands_error(message, `Codex plan: ${reason}`);
    asOwn(() => info(cost));
    if (!(0,build_decision/* isGood */.Kg)(decision) && explanation !== undefined) {
        addToSummary(`\n\n**${decision}** (\`${reason}\`): ${explanation.what} Details: ${(0,foreign_text/* line */.n)(detail, maxDetail)} **Next:** ${next}`);
    }
    if (!isSummaryEmpty())
        addToSummary(`\n\n${cost}`);
    try {
        writeSummary();
    }
    catch {
        warning('The job summary could not be written.');
    }
    const areSet = runner_setOutputs(mode, outcome, facts);
    process.off('beforeExit', reportUnfinished);
    process.exitCode = areSet && (0,build_decision/* isGood */.Kg)(decision) ? 0 : 1;
}


/***/ }),

/***/ 79805:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ randomName)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(73024);
/** Names that nobody can guess. */

/**
 * A random UUID, from the source that `node:crypto` has its own from on Linux. To load that module takes a quarter of what
 * a run about an ordinary comment takes.
 */
function randomName() {
    const bytes = Buffer.alloc(16);
    if (process.platform === 'linux')
        fill(bytes);
    else
        process.getBuiltinModule('node:crypto').randomFillSync(bytes);
    // Version and variant of a random UUID: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4
    bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
/** @throws Error if the system does not give that many bytes */
function fill(bytes) {
    const source = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)('/dev/urandom', 'r');
    try {
        const read = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readSync)(source, bytes, 0, bytes.length, null);
        if (read !== bytes.length)
            throw new Error('There is no randomness.');
    }
    finally {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(source);
    }
}


/***/ }),

/***/ 41139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ isReachable)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(73024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(76760);


/**
 * Whether any user of the machine can pass through all folders on the way to a path.
 * @param path absolute, without links in it
 */
function isReachable(path) {
    for (let folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(path); folder !== '/'; folder = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(folder)) {
        if (((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(folder).mode & 0o001) === 0)
            return false;
    }
    return true;
}


/***/ }),

/***/ 14987:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   X: () => (/* binding */ tryToRemove),
/* harmony export */   d: () => (/* binding */ removeTree)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(73024);
/** Removes what boxed code left behind, whatever form it has. */

/** Opens a folder only to name it, so that its mode does not matter. Node has no constant for this flag of Linux. */
const O_PATH = 0o10000000;
/** How many failures are reported; a folder that cannot be emptied can have millions of entries. */
const maxFailures = 5;
/**
 * Removes a file, or a folder and everything below it. Paths can be longer than the system accepts, so no deep path
 * is ever used: each folder is moved up into a new folder beside the root before it is emptied. There nobody else can
 * reach it by name, so no link can take its place. Modes without any permission are changed first.
 * @param path absolute path; its folder belongs to the action. If nothing is there, that is not a failure.
 * @returns why something is still there, one sentence each; empty if everything is gone
 */
function removeTree(path) {
    const failures = [];
    const attempt = (action) => {
        try {
            action();
        }
        catch (error) {
            if (failures.length < maxFailures)
                failures.push(error.message);
        }
    };
    let isThere = false;
    attempt(() => {
        isThere = exists(path);
    });
    if (!isThere)
        return failures;
    let trash = '';
    try {
        trash = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.mkdtempSync)(`${path}-removed-`);
    }
    catch {
        // For example, the disk has no room for one more folder. Then the ordinary removal may be enough.
        attempt(() => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.rmSync)(path, { recursive: true, force: true }));
        return failures;
    }
    let moved = 0;
    /** Removes the entry, or moves it into the trash if it is a folder. */
    const take = (entry) => {
        try {
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.unlinkSync)(entry);
        }
        catch (error) {
            // Linux says EISDIR, other systems EPERM.
            if (!['EISDIR', 'EPERM'].includes(error.code ?? ''))
                throw error;
            moveFolder(entry, `${trash}/${moved}`);
            moved++;
        }
    };
    attempt(() => take(path));
    for (let emptied = 0; emptied < moved; emptied++) {
        const folder = `${trash}/${emptied}`;
        attempt(() => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.chmodSync)(folder, 0o700));
        let names = [];
        attempt(() => {
            names = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readdirSync)(folder, { encoding: 'buffer' });
        });
        for (const name of names) {
            attempt(() => take(Buffer.concat([Buffer.from(`${folder}/`), name])));
        }
        attempt(() => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.rmdirSync)(folder));
    }
    attempt(() => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.rmdirSync)(trash));
    return failures;
}
/**
 * Removes a file of a folder that is removed at the end of the run. If that fails, it is left to the end: an error here
 * would take the place of the one that the file is removed for.
 * @param path absolute
 */
function tryToRemove(path) {
    try {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.rmSync)(path, { force: true });
    }
    catch {
        // The end of the run tells what is left.
    }
}
/** A folder without write permission cannot be moved elsewhere, since that changes its entry `..`. */
function moveFolder(from, to) {
    try {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.renameSync)(from, to);
    }
    catch (error) {
        if (error.code !== 'EACCES')
            throw error;
        const folder = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.openSync)(from, O_PATH | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_DIRECTORY | node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NOFOLLOW);
        try {
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.chmodSync)(`/proc/self/fd/${folder}`, 0o700);
        }
        finally {
            (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.closeSync)(folder);
        }
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.renameSync)(from, to);
    }
}
/** If a part of the path is not a folder, nothing is there either. */
function exists(path) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.lstatSync)(path, { throwIfNoEntry: false }) !== undefined;
    }
    catch (error) {
        if (error.code === 'ENOTDIR')
            return false;
        throw error;
    }
}


/***/ }),

/***/ 76443:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ refusingSecrets),
/* harmony export */   L: () => (/* binding */ stoppedBySecret)
/* harmony export */ });
/* harmony import */ var _decision_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(18335);
/** The one gate that whatever this action publishes goes through, so that no mode can forget to look for secrets. */

/**
 * Ports that refuse what holds a secret, as a whole: a redaction shows where the secret was, and one forgotten case
 * leaks it.
 * @throws Stopped secret-detected, from each of them
 */
function refusingSecrets(ports, find) {
    const { artifacts, comments, commits, log } = ports;
    const check = (what, content) => {
        const name = find(content);
        if (name !== undefined)
            throw stoppedBySecret(what, name);
    };
    const checkMembers = (members) => {
        for (const [member, content] of members)
            check(member, content);
    };
    return {
        artifacts: {
            publish: async (name, members) => {
                checkMembers(members);
                return artifacts.publish(name, members);
            },
            find: (...asked) => artifacts.find(...asked),
            findOfRun: (runId) => artifacts.findOfRun(runId),
            read: (artifact) => artifacts.read(artifact),
        },
        comments: {
            read: (id) => comments.read(id),
            list: (pullRequest) => comments.list(pullRequest),
            create: async (pullRequest, body) => {
                check('a comment', body);
                return comments.create(pullRequest, body);
            },
            update: async (id, body) => {
                check('a comment', body);
                return comments.update(id, body);
            },
            minimise: async (comment, body) => {
                if (body !== undefined)
                    check('a comment', body);
                return comments.minimise(comment, body);
            },
            react: (id, content) => comments.react(id, content),
        },
        commits: {
            writeTree: async (base, entries) => {
                for (const { path, content } of entries) {
                    check('a path of the commit', path);
                    if (content !== null)
                        check('a file of the commit', content);
                }
                return commits.writeTree(base, entries);
            },
            createCommit: async (message, tree, parent) => {
                check('the message of the commit', message);
                return commits.createCommit(message, tree, parent);
            },
            moveForward: (branch, from, to, lookAgain) => commits.moveForward(branch, from, to, lookAgain),
        },
        log: {
            step: (title) => {
                check('the log', title);
                log.step(title);
            },
            progress: (line) => {
                check('the log', line);
                log.progress(line);
            },
            warn: (line) => {
                check('the log', line);
                log.warn(line);
            },
            summarise: (markdown) => {
                check('the summary', markdown);
                log.summarise(markdown);
            },
        },
        keepForLaterSteps: async (name, members) => {
            checkMembers(members);
            return ports.keepForLaterSteps(name, members);
        },
        refuseSecrets: check,
    };
}
/** Names what to rotate, and not what was seen of it. */
function stoppedBySecret(what, secret) {
    return new _decision_js__WEBPACK_IMPORTED_MODULE_0__/* .Stopped */ .C9('secret-detected', `A part of ${secret} would have stood in ${what}.`);
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		id: moduleId,
/******/ 		loaded: false,
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Flag the module as loaded
/******/ 	module.loaded = true;
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/create fake namespace object */
/******/ (() => {
/******/ 	var getProto = Object.getPrototypeOf ? (obj) => (Object.getPrototypeOf(obj)) : (obj) => (obj.__proto__);
/******/ 	var leafPrototypes;
/******/ 	// create a fake namespace object
/******/ 	// mode & 1: value is a module id, require it
/******/ 	// mode & 2: merge all properties of value into the ns
/******/ 	// mode & 4: return value when already ns object
/******/ 	// mode & 16: return value when it's Promise-like
/******/ 	// mode & 8|1: behave like require
/******/ 	__nccwpck_require__.t = function(value, mode) {
/******/ 		if(mode & 1) value = this(value);
/******/ 		if(mode & 8) return value;
/******/ 		if(typeof value === 'object' && value) {
/******/ 			if((mode & 4) && value.__esModule) return value;
/******/ 			if((mode & 16) && typeof value.then === 'function') return value;
/******/ 		}
/******/ 		var ns = Object.create(null);
/******/ 		__nccwpck_require__.r(ns);
/******/ 		var def = {};
/******/ 		leafPrototypes = leafPrototypes || [null, getProto({}), getProto([]), getProto(getProto)];
/******/ 		for(var current = mode & 2 && value; typeof current == 'object' && !~leafPrototypes.indexOf(current); current = getProto(current)) {
/******/ 			Object.getOwnPropertyNames(current).forEach((key) => (def[key] = () => (value[key])));
/******/ 		}
/******/ 		def['default'] = () => (value);
/******/ 		__nccwpck_require__.d(ns, def);
/******/ 		return ns;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/node module decorator */
/******/ (() => {
/******/ 	__nccwpck_require__.nmd = (module) => {
/******/ 		module.paths = [];
/******/ 		if (!module.children) module.children = [];
/******/ 		return module;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(73024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(76760);
// EXTERNAL MODULE: ./build/core/first-error.js
var first_error = __nccwpck_require__(81287);
;// CONCATENATED MODULE: ./build/core/text/secret-parts.js
/**
 * Which parts of a key are secret. A key is random, so no part of it is in another text by chance. But some servers
 * accept any word as a key, and some keys begin with the name of a product. Those words are in many texts.
 */
/** This many characters in a row reveal a secret; white space, dashes and the like between them do not count. */
const windowLength = 12;
/**
 * In each window, this many characters must not be part of a word or a sequence: there are 36^4 ways to choose them.
 */
const fewestSurprises = 4;
/** The prefix that all tokens of a kind have is not secret. */
const publicPrefix = /^(?:gh[a-z]_|github_pat_|sk-(?:proj-|svcacct-|admin-|ant-)?|Bearer |Basic )/;
/**
 * The parts of a secret in which any 12 characters reveal it: all of a random key, nothing of `dummy-api-key`, and
 * the end of `acme-production-x7Kq9pZ2mN4v`.
 * @param key as somebody gave it to the action
 */
function secretParts(key) {
    const secret = withoutPublicPart(key);
    const surprising = findSurprises(secret);
    // Separators do not count in a window.
    const places = [...secret.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
    const length = Math.min(windowLength, places.length);
    /** For each place, how many of the places before it are surprising; and at the end, how many of all. */
    const before = new Uint32Array(places.length + 1);
    for (const [index, place] of places.entries()) {
        before[index + 1] = before[index] + (surprising.has(place) ? 1 : 0);
    }
    const counts = (first) => before[first + length] - before[first] >= fewestSurprises;
    const parts = [];
    let start;
    for (let first = 0; first + length <= places.length; first++) {
        if (!counts(first))
            continue;
        start ??= first;
        if (first + length < places.length && counts(first + 1))
            continue;
        const from = start === 0 ? 0 : places[start];
        parts.push(secret.slice(from, places[first + length]));
        start = undefined;
    }
    return parts;
}
/** Places of the characters that are not part of a word, and that do not continue a sequence like 1234 or xxxx. */
function findSurprises(secret) {
    const tokens = [...secret.matchAll(/[A-Za-z0-9]+/g)].map((match) => ({
        text: match[0],
        at: match.index,
        isWord: isWord(match[0]),
    }));
    const lengthOf = (some) => some.reduce((sum, { text }) => sum + text.length, 0);
    const words = tokens.filter((token) => token.isWord);
    // Random characters look like a word now and then. People put real words at the beginning.
    const firstOther = tokens.findIndex(({ text, isWord }) => !isWord || !/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(text));
    const wordsThatCount = 2 * lengthOf(words) > lengthOf(tokens) ? words : tokens.slice(0, firstOther);
    const surprising = new Set();
    for (const token of tokens) {
        if (wordsThatCount.includes(token))
            continue;
        for (let index = 0; index < token.text.length; index++) {
            const step = index === 0 ? 2 : token.text.charCodeAt(index) - token.text.charCodeAt(index - 1);
            if (Math.abs(step) > 1)
                surprising.add(token.at + index);
        }
    }
    return surprising;
}
const longestWord = 15;
/** Letters as people write words, with or without a number at the end: `key`, `KEY`, `ApiKey`, `test123`. */
function isWord(token) {
    const [, letters = '', digits = ''] = /^([A-Za-z]+)(\d{0,4})$/.exec(token) ?? [];
    if (letters === '' || letters.length > longestWord || (digits && letters.length < 3))
        return false;
    if (/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(letters)) {
        // No word has no vowel, or six consonants in a row.
        return letters.length < 5 || (/[aeiouy]/i.test(letters) && !/[^aeiouy]{6}/i.test(letters));
    }
    const parts = letters.split(/(?=[A-Z])/);
    return parts.every((part) => /^[A-Z]?[a-z]+$/.test(part) && /.[aeiouy]|[aeiouy]./i.test(part));
}
/** Header and claims of a signed token are in many texts; only the signature is secret. */
function withoutPublicPart(secret) {
    const parts = secret.split('.');
    if (parts.length === 3 && parts.every((part) => part.length >= windowLength)) {
        return parts[2];
    }
    return secret.replace(publicPrefix, '');
}

;// CONCATENATED MODULE: ./build/core/text/secret-windows.js
/**
 * The search for parts of secrets in a text, whatever is between their characters. Its time grows only linearly with the
 * text: a rolling hash goes over the text once for each length of a part, and few parts of a text need more than that.
 */
/** Secrets that are shorter than a window are only looked for as a whole, and those that are shorter than this are not looked for. */
const shortest = 8;
/** Runs of zeros are in many texts, so they do not reveal a secret that has one, too. */
const fewestDistinct = 5;
/** 0 for separators. Letters count in lower case, because a key in capitals still reveals most of the key. */
const significant = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
    significant[character.charCodeAt(0)] = character.toLowerCase().charCodeAt(0);
}
/** The significant characters of a text, as bytes. */
function significantOf(text) {
    const characters = Buffer.allocUnsafe(text.length);
    let length = 0;
    for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        const character = unit < 128 ? significant[unit] : 0;
        if (character !== 0)
            characters[length++] = character;
    }
    return characters.subarray(0, length);
}
/** Every window of every form of the secrets: any of them in a text reveals the secret. */
class Windows {
    #byLength = new Map();
    /**
     * @param form one way to write a secret
     * @param wanted the length of a window in significant characters; a shorter form is one window
     * @param name the name of the secret
     */
    add(form, wanted, name) {
        const characters = significantOf(form);
        const length = Math.min(wanted, characters.length);
        if (length < shortest)
            return;
        const windows = this.#byLength.get(length) ?? new WindowsOfLength(length);
        windows.add(characters, name);
        this.#byLength.set(length, windows);
    }
    /** The name of the secret of which the text has a window; undefined if it has none. */
    find(text) {
        const characters = significantOf(text);
        for (const windows of this.#byLength.values()) {
            const found = windows.find(characters);
            if (found !== undefined)
                return found;
        }
        return undefined;
    }
}
const base = 0x01000193;
/** The size of a filter, as a power of two. */
const filterBits = 18;
/** The number of lookups in the forms themselves before a table of all windows is made. */
const lookups = 200;
/** Two bits of a filter for each hash: with one, ordinary words have so many hits that the lookups take longer than all else. */
const firstBit = (hash) => hash >>> (32 - filterBits);
const secondBit = (hash) => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - filterBits);
class WindowsOfLength {
    #length;
    /** `base` to the power of the length. */
    #leaving;
    #forms = [];
    #filter = new Uint8Array(1 << (filterBits - 3));
    #lookedUp = 0;
    /** Made only when it is needed: a long token has tens of thousands of windows, and most runs search little. */
    #names;
    constructor(length) {
        this.#length = length;
        let leaving = 1;
        for (let power = 0; power < length; power++)
            leaving = Math.imul(leaving, base);
        this.#leaving = leaving;
    }
    /** @param characters significant ones, at least one window of them */
    add(characters, name) {
        this.#forms.push({ text: characters.toString('latin1'), name });
        this.#names = undefined;
        this.#roll(characters, (hash) => {
            this.#setBit(firstBit(hash));
            this.#setBit(secondBit(hash));
            return undefined;
        });
    }
    /** @param characters significant ones */
    find(characters) {
        return this.#roll(characters, (hash, end) => {
            if (!this.#hasBit(firstBit(hash)) || !this.#hasBit(secondBit(hash)))
                return undefined;
            return this.#nameOf(characters.toString('latin1', end - this.#length, end));
        });
    }
    /** Calls a function with the hash and the end of each window, until it has an answer. */
    #roll(characters, use) {
        const [length, leaving] = [this.#length, this.#leaving];
        let hash = 0;
        for (let at = 0; at < characters.length; at++) {
            hash = (Math.imul(hash, base) + characters[at]) | 0;
            if (at >= length)
                hash = (hash - Math.imul(leaving, characters[at - length])) | 0;
            if (at < length - 1)
                continue;
            const answer = use(hash, at + 1);
            if (answer !== undefined)
                return answer;
        }
        return undefined;
    }
    #setBit(bit) {
        this.#filter[bit >>> 3] = this.#filter[bit >>> 3] | (1 << (bit & 7));
    }
    #hasBit(bit) {
        return (this.#filter[bit >>> 3] & (1 << (bit & 7))) !== 0;
    }
    #nameOf(window) {
        if (new Set(window).size < fewestDistinct)
            return undefined;
        if (this.#names === undefined && this.#lookedUp++ < lookups) {
            return this.#forms.findLast(({ text }) => text.includes(window))?.name;
        }
        this.#names ??= this.#listNames();
        return this.#names.get(window);
    }
    #listNames() {
        const names = new Map();
        for (const { text, name } of this.#forms) {
            for (let start = 0; start + this.#length <= text.length; start++) {
                names.set(text.slice(start, start + this.#length), name);
            }
        }
        return names;
    }
}

;// CONCATENATED MODULE: ./build/core/text/secrets.js
/**
 * Finds the secrets of a run in everything that the run is about to publish.
 *
 * The promise: no comment, artifact, commit, output or log line that this action writes holds 12 characters in a row
 * of a key or token that the action was given, in plain text or in one of the encodings that any model knows
 * (backwards, Base64, hexadecimal, character codes, escapes, upper or lower case, with anything between the
 * characters). It is the second line of defence: the first is that no program that a model can steer has a key within
 * reach. It exists because somebody who makes a model print a key can also make it leave out the first characters or
 * write the key backwards, which a plain search for the key would miss.
 *
 * What it does not promise: that it finds an encoding that was invented to hide a key.
 *
 * A key is random; that is what makes it a key, and it is why 12 of its characters are in no other text. Some servers
 * accept anything as a key (`not-needed`, `lm-studio`, `test1234`), and some keys begin with the name of a product.
 * Such words are in many texts and are no secret, so a part of a key counts only if enough of it is neither a word
 * nor a sequence like 1234. Otherwise every text that says "not needed" would be refused, and people would switch the
 * gate off.
 *
 * The time of the search grows only linearly with the text, whatever the text is, because strangers choose it.
 */


function secretFinder(secrets) {
    // Made when it is first needed: for long tokens this takes as long as everything that a run does before.
    let made;
    return (content) => {
        made ??= windowsOf(secrets);
        const windows = made;
        // Byte by byte, whatever the encoding is: everything that is looked for is ASCII.
        const text = typeof content === 'string' ? content : latin1(content);
        return readings(text)
            .map((reading) => windows.find(reading))
            .find((name) => name !== undefined);
    };
}
function latin1({ buffer, byteOffset, byteLength }) {
    return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
function windowsOf(secrets) {
    const windows = new Windows();
    for (const [name, value = ''] of Object.entries(secrets)) {
        for (const { text, window } of secretParts(value.trim()).flatMap(formsOf)) {
            windows.add(text, window, name);
        }
    }
    return windows;
}
/**
 * Line ends, tabs and characters that are not drawn are escaped in logs, comments and JSON, sometimes twice, and a
 * page writes punctuation as entities. The letters of an escape are not part of the text, and a backslash before
 * another backslash is only a separator.
 */
const escapes = /%([0-9a-fA-F]{2})|\\(?:u\{5c\}){0,4}(?:u\{([0-9a-fA-F]{1,6})(?:\*\d+)?\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[0-7]{3}|[abfnrtv])|&#(\d{1,7});|&nbsp;|<\/?span>/g;
/** A text as it is written, then with its escapes resolved, then with the escapes resolved that this produced. */
function readings(text) {
    const read = [text];
    for (let times = 0; times < 4; times++) {
        const next = resolveEscapes(read.at(-1));
        if (next === read.at(-1))
            break;
        read.push(next);
    }
    return read;
}
/** The mark with which a page breaks a long line, as text and as the bytes of UTF-8: it can be inside an escape. */
const brokenLines = /\n(?:[-+ ]?(?:│|\xe2\x94\x82) )*[-+ ]?(?:│↪|\xe2\x94\x82\xe2\x86\xaa)/g;
const emptyComments = /<!-- -->/g;
function resolveEscapes(text) {
    const whole = text.replace(brokenLines, '').replace(emptyComments, '');
    return whole.replace(escapes, (_, ...codes) => {
        const hexadecimal = codes.slice(0, 4).find(Boolean);
        const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(codes[4]);
        return code < 128 ? String.fromCharCode(code) : ' ';
    });
}
function formsOf(secret) {
    if (secret.length < shortest)
        return [];
    const backwards = [...secret].reverse().join('');
    return [secret, backwards].flatMap((text) => {
        const bytes = Buffer.from(text);
        const hex = bytes.toString('hex').match(/../g) ?? [];
        const octal = [...bytes].map((byte) => byte.toString(8).padStart(3, '0'));
        return [
            { text, window: windowLength },
            ...[0, 1, 2].map((offset) => ({ text: base64Inside(bytes, offset), window: base64Window })),
            ...['', 'x', '0x', 'u00'].map((prefix) => ({
                text: hex.map((pair) => prefix + pair).join(''),
                window: (prefix.length + 2) * windowLength,
            })),
            { text: octal.join(''), window: 3 * windowLength },
            // A decimal code has two or three digits.
            { text: bytes.join(''), window: 2 * windowLength },
        ];
    });
}
/** The characters of a window that are always complete: both ends may share a character with their neighbours. */
const base64Window = (windowLength * 8) / 6 - 1;
/**
 * The secret in the Base64 of a text in which it begins at this offset (modulo three), without its first and last
 * characters.
 */
function base64Inside(bytes, offset) {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

// EXTERNAL MODULE: ./build/decision.js + 4 modules
var build_decision = __nccwpck_require__(18335);
;// CONCATENATED MODULE: ./build/core/records/notify-kind.js
/** What a message about a run is about, the kind that matters most first. */
const notifyKinds = [
    'failed',
    'denied',
    'drifted',
    'approval-wanted',
    'executed',
    'none',
];

// EXTERNAL MODULE: ./build/core/text/blanks.js
var blanks = __nccwpck_require__(8637);
// EXTERNAL MODULE: ./build/core/text/characters.js + 1 modules
var characters = __nccwpck_require__(44656);
;// CONCATENATED MODULE: ./build/report/notification.js
/**
 * A chat message about the end of a run: Slack's Block Kit, as a file that a later job hands to Slack. Foreign text
 * is in `plain_text` alone, which notifies nobody and makes no link. Slack's own markup holds only words, numbers and
 * addresses of the action. Sizes: https://docs.slack.dev/reference/block-kit/blocks
 */


/** Far below Slack's own limits: 150 for a header, 3000 for a section, 50 blocks. */
const most = { title: 200, detail: 1500, path: 200, paths: 10, pulls: 20, label: 50, markup: 2900 };
function buildNotification(announcement) {
    const { asked, deniedFiles, detail, said, title } = announcement;
    const heading = headingOf(announcement);
    const links = linksOf(announcement);
    const blocks = [
        { type: 'header', text: plain(heading, 150) },
        ...(title === null ? [] : [section(plain(title, most.title))]),
        ...(links.length === 0
            ? []
            : [section(markup(takeFitting(links, ' · ', most.markup).join(' · ')))]),
        ...(said.length === 0 ? [] : [section(plain(said.join(' '), most.detail))]),
        ...(detail.trim() === '' ? [] : [section(plain(detail, most.detail))]),
        ...(deniedFiles.length === 0 ? [] : [section(plain(listPaths(deniedFiles), 3000))]),
        ...(asked === null ? [] : describeAsked(asked)),
        ...describeSeveral(announcement),
        ...describePlace(announcement),
    ];
    const { pullRequest } = announcement;
    const text = pullRequest === null ? heading : `${heading}: pull request ${pullRequest}`;
    return { text, blocks };
}
/** Only in words of the action. */
function headingOf({ decision, kind, mode, reason, several }) {
    if (several.length > 0)
        return `Codex plan: ${several.length} pull requests need a look`;
    switch (kind) {
        case 'approval-wanted':
            return reason === 'votes-missing'
                ? 'A Codex plan needs another approval'
                : 'A Codex plan awaits approval';
        case 'executed':
            return 'A Codex plan was executed';
        case 'drifted':
            return 'A Codex plan has drifted';
        case 'denied':
            return `Codex plan: ${mode} was denied`;
        case 'failed':
            return `Codex plan: ${mode === '' ? 'a run' : mode} failed`;
        default:
            return `Codex plan: ${decision}`;
    }
}
function linksOf({ commentUrl, commit, place, pullRequest }) {
    if (place === null)
        return [];
    const { repositoryUrl: url, runId } = place;
    const isOurs = commentUrl?.startsWith(`${url}/`) && /^[\w:/.#?=&-]+$/.test(commentUrl);
    return [
        ...(pullRequest === null
            ? []
            : [notification_link(`${url}/pull/${pullRequest}`, `Pull request ${pullRequest}`)]),
        ...(commentUrl !== null && isOurs ? [notification_link(commentUrl, 'comment')] : []),
        ...(commit !== null && /^[0-9a-f]{40,64}$/.test(commit)
            ? [notification_link(`${url}/commit/${commit}`, `commit ${commit.slice(0, 7)}`)]
            : []),
        notification_link(`${url}/actions/runs/${runId}`, 'run'),
    ];
}
function describeAsked({ label, people }) {
    if (people.length === 0)
        return [];
    const mentions = people.flatMap(({ slack }) => slack !== null && /^[UW][A-Z0-9]{1,20}$/.test(slack) ? [`<@${slack}>`] : []);
    const logins = people.map(({ login }) => login).join(', ');
    const how = `Asked: ${logins}. A review does not approve the plan: set the label ${cut(label, most.label)}.`;
    return [
        ...(mentions.length === 0 ? [] : [section(markup(mentions.join(' ')))]),
        section(plain(how, most.detail)),
    ];
}
function describeSeveral({ place, several }) {
    if (place === null || several.length === 0)
        return [];
    const lines = several.map(({ pullRequest, kind }) => `${notification_link(`${place.repositoryUrl}/pull/${pullRequest}`, `Pull request ${pullRequest}`)}: ${kind}`);
    const shown = takeFitting(lines.slice(0, most.pulls), '\n', most.markup);
    const left = several.length - shown.length;
    return [section(markup([...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n')))];
}
function describePlace({ place }) {
    if (place === null)
        return [];
    return [{ type: 'context', elements: [plain(place.repository, most.title)] }];
}
function listPaths(paths) {
    const shown = paths.slice(0, most.paths).map((path) => cut(readable(path), most.path));
    const left = paths.length - shown.length;
    return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}
function section(text) {
    return { type: 'section', text };
}
/** For any text. Line feeds of the action are kept. */
function plain(text, length) {
    const shown = text
        .split('\n')
        .map(readable)
        .filter((one) => one !== '')
        .join('\n');
    return { type: 'plain_text', text: cut(shown || '-', length), emoji: false };
}
/** For words of the action only: Slack reads markup in it. */
function markup(text) {
    return { type: 'mrkdwn', text: text, verbatim: true };
}
function notification_link(address, words) {
    return `<${address.replaceAll('&', '&amp;')}|${words}>`;
}
/** The first pieces that fit, each whole: a link that is cut in the middle does not work. */
function takeFitting(pieces, separator, length) {
    const end = pieces.findIndex((_, at) => pieces.slice(0, at + 1).join(separator).length > length);
    return end === -1 ? [...pieces] : pieces.slice(0, end);
}
/** One line, with all invisible characters written out. */
function readable(text) {
    return (0,blanks/* revealBlanks */.X)((0,characters/* revealInvisible */.hR)(text.toWellFormed())).replace(/\s+/g, ' ').trim();
}
function cut(text, length) {
    return text.length > length ? `${text.slice(0, length - 1).toWellFormed()}…` : text;
}

;// CONCATENATED MODULE: ./build/notify.js
/** Which message a run sends, and the facts for it. */



/** The name of the file that later steps hand to a chat. */
const notificationFile = 'notification.json';
/** Strangers can cause these with any number of comments; a label needs a role in the repository. */
const byStrangers = new Set(['actor-denied', 'bot-denied']);
/**
 * What the output `notify` says.
 * @param mode '' if the run ended before the mode was known
 */
function chooseNotify(mode, outcome, facts) {
    const own = ofOutcome(mode, outcome, facts);
    const of = (facts.pullRequests ?? []).map(({ notify }) => notify ?? 'none');
    const all = [own, facts.notify ?? 'none', ...of];
    return notifyKinds.find((kind) => all.includes(kind)) ?? 'none';
}
function ofOutcome(mode, { decision, reason }, facts) {
    switch (decision) {
        case 'planned':
            return 'approval-wanted';
        case 'executed':
        case 'drifted':
        case 'failed':
            return decision;
        case 'denied':
            if (reason === 'votes-missing')
                return 'approval-wanted';
            return isByStranger(mode, reason, facts) ? 'none' : 'denied';
        default:
            return 'none';
    }
}
/** A stranger is refused before the plan is looked up. Later, the same codes are about an approver. */
function isByStranger(mode, reason, { planId }) {
    return byStrangers.has(reason) && mode !== 'approve' && planId === undefined;
}
/** @param place where the run is; null if the runner does not say it */
function writeNotification(mode, outcome, facts, place) {
    const { decision, reason, detail } = outcome;
    const explanation = reason === 'ok' ? undefined : (0,build_decision/* explain */.WE)(reason);
    const message = buildNotification({
        kind: chooseNotify(mode, outcome, facts),
        mode,
        decision,
        reason,
        said: explanation === undefined ? [] : [explanation.what, explanation.next],
        detail,
        place,
        pullRequest: facts.pullRequest ?? null,
        title: facts.title ?? null,
        commentUrl: facts.commentUrl ?? null,
        commit: facts.commitSha ?? null,
        deniedFiles: facts.deniedFiles ?? [],
        asked: facts.asked ?? null,
        several: (facts.pullRequests ?? []).flatMap(({ pullRequest, notify = 'none' }) => notify === 'none' ? [] : [{ pullRequest, kind: notify }]),
    });
    return `${JSON.stringify(message, null, 2)}\n`;
}

// EXTERNAL MODULE: ./build/core/text/paths.js
var paths = __nccwpck_require__(77112);
// EXTERNAL MODULE: ./build/input-forms.js
var input_forms = __nccwpck_require__(14102);
// EXTERNAL MODULE: ./build/modes/plan/request.js
var request = __nccwpck_require__(14642);
;// CONCATENATED MODULE: ./build/ordinary-comment.js
/**
 * Most comments are no command, and each starts a run. This tells them without loading what the other runs need: the
 * schemas, the clients and the modes.
 *
 * It answers only if the whole action would end the same way, in the same words. So it checks what the whole action checks
 * before it reads the comment, and whatever is not surely well-formed here is left to the whole action, which names the
 * fault. `test/ordinary-comment.test.ts` holds both together.
 */





/**
 * @param read reads one input, as the workflow file gave it
 * @param env the variables of the runner
 * @returns undefined if the whole action is needed to tell
 */
function findOrdinaryComment(read, env) {
    const input = (name) => read(name).trim();
    if (input('mode') !== 'plan' || env.GITHUB_EVENT_NAME !== 'issue_comment')
        return undefined;
    if (!areInputsFine(input) || !isRunnerFine(env))
        return undefined;
    const comment = readComment(env);
    if (comment === undefined)
        return undefined;
    const command = input('command') || input_forms/* defaultInputs */.jG.command;
    try {
        (0,request/* readCommand */.U)(comment, command);
        return undefined;
    }
    catch (end) {
        if (!(end instanceof build_decision/* Stopped */.C9) || end.decision !== 'ignored')
            return undefined;
        const secrets = [input('github-token'), input('team-token')].filter((one) => one !== '');
        const inOwnWords = command === input_forms/* defaultInputs */.jG.command;
        return { mode: 'plan', secrets, end, inOwnWords };
    }
}
/** Of the inputs of mode plan, those that can be wrong. */
function areInputsFine(input) {
    const isFine = (name, form) => input(name) === '' || form.test(input(name));
    const policyFile = input('policy-file');
    return (input('github-token') !== '' &&
        isFine('label', input_forms/* inputForms */.c0.label) &&
        input('label').length <= input_forms/* longestLabel */.Jg &&
        isFine('command', input_forms/* inputForms */.c0.command) &&
        (policyFile === '' || (0,paths/* tryPath */.B_)(policyFile) !== undefined) &&
        isFine('pull-request', input_forms/* inputForms */.c0.positiveInteger) &&
        isFine('artifact-prefix', input_forms/* inputForms */.c0.artifactPrefix) &&
        isFine('retention-days', input_forms/* inputForms */.c0.positiveInteger) &&
        isFine('responses-api-endpoint', /^https?:\/\/[!-~]+$/) &&
        (input('responses-api-endpoint') === '' || URL.canParse(input('responses-api-endpoint'))) &&
        isFine('codex-version', input_forms/* inputForms */.c0.codexVersion) &&
        isFine('model', input_forms/* inputForms */.c0.model) &&
        isFine('effort', input_forms/* inputForms */.c0.effort) &&
        isFine('timeout-minutes', input_forms/* inputForms */.c0.positiveNumber));
}
function isRunnerFine(env) {
    const { GITHUB_REPOSITORY: repository = '', GITHUB_WORKFLOW_REF: workflow = '' } = env;
    return (process.platform === 'linux' &&
        (env.RUNNER_OS || 'Linux') === 'Linux' &&
        /^[\w.-]+\/[\w.-]+$/.test(repository) &&
        workflow.startsWith(`${repository}/`) &&
        workflow.includes('@refs/') &&
        isId(env.GITHUB_RUN_ID) &&
        (!env.GITHUB_RUN_ATTEMPT || isId(env.GITHUB_RUN_ATTEMPT)) &&
        Boolean(env.GITHUB_ACTOR) &&
        /^https:\/\/(?:github\.com|[a-z0-9-]+\.ghe\.com)$/.test(env.GITHUB_SERVER_URL ?? 'https://github.com'));
}
function isId(text) {
    return text !== undefined && /^[1-9]\d{0,14}$/.test(text);
}
/** What `readCommand` needs of the event; undefined if any part is not as GitHub documents it. */
function readComment(env) {
    const event = parse(env.GITHUB_EVENT_PATH);
    const { action, comment, issue, repository, sender } = asObject(event) ?? {};
    const [theComment, theIssue, theRepository] = [comment, issue, repository].map(asObject);
    if (!theComment || !theIssue || !theRepository || typeof action !== 'string')
        return undefined;
    const { number, pull_request: pull, user: opener } = theIssue;
    const { id, default_branch: branch } = theRepository;
    const isFine = isPositive(number) &&
        (pull == null || asObject(pull) !== undefined) &&
        (opener == null || Number.isSafeInteger(asObject(opener)?.id)) &&
        isPositive(theComment.id) &&
        isAccount(theComment.user) &&
        isAccount(sender) &&
        isPositive(id) &&
        (!env.GITHUB_REPOSITORY_ID || env.GITHUB_REPOSITORY_ID === String(id)) &&
        typeof branch === 'string' &&
        branch !== '';
    const { body } = theComment;
    if (!isFine || typeof body !== 'string')
        return undefined;
    return { action, pullRequest: pull == null ? null : number, body };
}
function parse(path) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path ?? '', 'utf8'));
    }
    catch {
        return undefined;
    }
}
function asObject(value) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : undefined;
}
function isPositive(value) {
    return Number.isSafeInteger(value) && value > 0;
}
function isAccount(value) {
    const { id, login, type } = asObject(value) ?? {};
    return Number.isSafeInteger(id) && typeof login === 'string' && typeof type === 'string';
}

// EXTERNAL MODULE: ./build/runner.js + 4 modules
var runner = __nccwpck_require__(14949);
;// CONCATENATED MODULE: ./build/system/forgotten-failures.js
/** Failures that no code waits for. */
/**
 * Remembers each promise that fails while no code waits for it, until some code does. Without a listener, Node ends the
 * process at once, with a raw stack: the job has no reason code, no summary and no outputs, and the private folder stays.
 * https://nodejs.org/api/process.html#event-unhandledrejection
 */
function watchUnhandledRejections() {
    const failures = new Map();
    const remember = (error, promise) => void failures.set(promise, error);
    const forget = (promise) => void failures.delete(promise);
    process.on('unhandledRejection', remember);
    process.on('rejectionHandled', forget);
    return {
        check: () => {
            for (const error of failures.values())
                throw error;
        },
        end: () => {
            process.off('unhandledRejection', remember);
            process.off('rejectionHandled', forget);
        },
    };
}

// EXTERNAL MODULE: ./build/system/random-name.js
var random_name = __nccwpck_require__(79805);
// EXTERNAL MODULE: ./build/system/remove-tree.js
var remove_tree = __nccwpck_require__(14987);
// EXTERNAL MODULE: ./build/withholding.js
var withholding = __nccwpck_require__(76443);
;// CONCATENATED MODULE: ./build/run.js
/** One step of the action: inputs → mode → outputs and exit status. */












/** Runs one step. Never throws: whatever happens ends in outputs, a sentence in the log and an exit status. */
async function run() {
    if (!(0,runner/* failByDefault */.$1)())
        return;
    // The user that the box runs as must be able to read our files. A private file gets a mode that says so.
    process.umask(0o022);
    const endLog = (0,runner/* beginLog */.uu)();
    const forgotten = watchUnhandledRejections();
    const temporary = (0,external_node_path_.join)((0,runner/* privateRoot */.QN)(), `codex-plan-${(0,random_name/* randomName */.Z)()}`);
    let findSecret = secretFinder(listSecrets(process.env));
    const facts = {};
    const cost = { calls: () => 0 };
    let mode = '';
    let outcome;
    let endRemovals = async () => { };
    try {
        // What later steps read is written there at the end: if it cannot be, nothing is to be published before.
        (0,runner/* checkTemporaryRoot */._l)();
        const begin = (name) => {
            mode = name;
        };
        const ordinary = findOrdinaryComment(runner/* readInput */.R5, process.env);
        if (ordinary !== undefined) {
            if (ordinary.inOwnWords)
                findSecret = () => undefined;
            stopAt(ordinary, begin);
        }
        (0,external_node_fs_.mkdirSync)(temporary, { mode: 0o700 });
        const report = { note: (more) => void Object.assign(facts, more) };
        // Loading it takes longer than all that is done about an ordinary comment.
        const step = await Promise.all(/* import() */[__nccwpck_require__.e(752), __nccwpck_require__.e(416)]).then(__nccwpck_require__.bind(__nccwpck_require__, 85416));
        endRemovals = step.endRemovals;
        const result = await step.runStep(runner/* readInput */.R5, { temporary, findSecret, report, cost }, begin);
        forgotten.check();
        outcome = { ...result, reason: 'ok' };
    }
    catch (error) {
        outcome = toOutcome(error, findSecret);
    }
    finally {
        const failed = "The runner's temporary folder could not be cleaned up.";
        await (0,first_error/* tryTo */.dX)({ failed, log: runner/* log */.Rm }, async () => {
            await endRemovals();
            for (const failure of (0,remove_tree/* removeTree */.d)(temporary)) {
                runner/* log */.Rm.warn(`Something is left in the runner's temporary folder: ${failure}`);
            }
        });
    }
    const secret = findSecret(JSON.stringify([outcome.detail, facts]));
    const ending = { findSecret, calls: cost.calls() };
    if (secret === undefined)
        await end(mode, outcome, facts, ending);
    else {
        const { tokens, codexSeconds, modelAsked } = facts;
        const kept = { ...(tokens && { tokens, codexSeconds }), ...(modelAsked && { modelAsked }) };
        await end(mode, toOutcome((0,withholding/* stoppedBySecret */.L)('the outputs', secret), findSecret), kept, ending);
    }
    forgotten.end();
    endLog();
}
/** @throws Stopped as the whole action would */
function stopAt({ mode, secrets, end }, begin) {
    begin(mode);
    for (const secret of secrets)
        (0,runner/* maskSecret */.$l)(secret);
    throw end;
}
/** Leaves the chat message for later steps, then says how the run ended. */
async function end(mode, outcome, facts, { findSecret, calls }) {
    const notify = chooseNotify(mode, outcome, facts);
    const path = await keepNotification(mode, outcome, facts, findSecret);
    const all = { ...facts, notify, ...(path && { notificationPath: path }) };
    (0,runner/* conclude */.Ep)(mode, outcome, all, calls);
}
/** It only tells: if it cannot be written, the run ends as it would have. */
async function keepNotification(mode, outcome, facts, findSecret) {
    try {
        const text = writeNotification(mode, outcome, facts, (0,runner/* describePlace */.df)(process.env));
        // Writing it joins white space, so a secret may be only in the finished text.
        if (findSecret(text) !== undefined)
            throw new Error('it would hold a secret');
        const members = new Map([[notificationFile, Buffer.from(text)]]);
        return (0,external_node_path_.join)(await (0,runner/* keepForLaterSteps */.ah)('notification', members), notificationFile);
    }
    catch (error) {
        const { message } = error;
        const why = findSecret(message) === undefined ? `: ${message}` : '';
        runner/* log */.Rm.warn(`The notification could not be written${why}.`);
        return undefined;
    }
}
/** Every credential that this process was given. */
function listSecrets(env) {
    const inputs = ['github-token', 'openai-api-key', 'team-token'];
    const variables = [
        'ACTIONS_RUNTIME_TOKEN',
        'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
        'GITHUB_TOKEN',
        'GH_TOKEN',
        'OPENAI_API_KEY',
    ];
    return Object.fromEntries([
        ...variables.map((name) => [name, env[name]]),
        ...inputs.map((name) => [name, env[`INPUT_${name.toUpperCase()}`]]),
    ]);
}
function toOutcome(error, findSecret) {
    const { decision, reason, message: detail } = (0,build_decision/* toStopped */.pq)(error);
    const mistake = reason === 'internal' ? findMistake(error) : undefined;
    if (mistake !== undefined) {
        const stack = mistake instanceof Error ? (mistake.stack ?? mistake.message) : String(mistake);
        const secret = findSecret(stack);
        if (secret !== undefined)
            return toOutcome((0,withholding/* stoppedBySecret */.L)('the log', secret), findSecret);
        runner/* log */.Rm.progress(stack);
    }
    return { decision, reason, detail };
}
/** The error that was no decision: only its stack says where the mistake is. */
function findMistake(error) {
    return error instanceof build_decision/* Stopped */.C9 ? findMistake(error.cause) : error;
}

;// CONCATENATED MODULE: ./build/index.js

void run();

