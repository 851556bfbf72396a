#!/usr/bin/env node
// Copyright the Slake authors
// SPDX-License-Identifier: Apache-2.0
//
// The one way in: makes the set-up complete (npm packages with the pinned Node, Python venv), then hands over to the
// command line in src/cli with that Node. Runs on Node 20 without any package.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STATE = join(ROOT, '.slake');
const STAMP = join(STATE, 'setup.json');
const LOG = join(STATE, 'setup.log');
const WINDOWS = process.platform === 'win32';
const VENV_BIN = join(ROOT, '.venv', WINDOWS ? 'Scripts' : 'bin');
const VENV_PYTHON = join(VENV_BIN, WINDOWS ? 'python.exe' : 'python');
const MODULES_BIN = join(ROOT, 'node_modules', '.bin');
const OLDEST_PYTHON = [3, 11];
const OLDEST_NODE_FOR_TYPES = 24;

/** Ends the program with exit code 2 (could not run): what is wrong, then what to do. */
function giveUp(what, hint) {
  console.error(`slake: ${what}\n  ${hint}`);
  process.exit(2);
}

function fileHash(name) {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, name)))
    .digest('hex')
    .slice(0, 16);
}

/** What the set-up was made from; another value of either part makes that part anew. */
function wanted() {
  return {
    npm: fileHash('package-lock.json'),
    python: fileHash('requirements.txt'),
    platform: `${process.platform}-${process.arch}`,
  };
}

function made() {
  try {
    return JSON.parse(readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

/** The newest usable Python that has venv, or an explanation. */
function findPython() {
  const tried = [];
  const names = [process.env.SLAKE_BASE_PYTHON, 'python3.13', 'python3.12', 'python3.11', 'python3', 'python'];
  for (const name of names.filter(Boolean)) {
    const probe = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:2]); import venv, ensurepip'], {
      encoding: 'utf8',
    });
    if (probe.error || !/^\d+ \d+/.test(probe.stdout)) continue;
    const [major, minor] = probe.stdout.trim().split(' ').map(Number);
    const version = `${name} is ${major}.${minor}`;
    if (major !== OLDEST_PYTHON[0] || minor < OLDEST_PYTHON[1]) tried.push(`${version}, too old`);
    else if (probe.status !== 0) tried.push(`${version}, without venv`);
    else return name;
  }
  const found = tried.length > 0 ? ` (${tried.join('; ')})` : '';
  giveUp(
    `Python ${OLDEST_PYTHON.join('.')} or newer with venv is needed and was not found${found}`,
    'Install it: Debian/Ubuntu "apt-get install python3 python3-venv", macOS "brew install python@3.13".',
  );
}

/** Runs one tool of the set-up; its output goes to the log, of which a failure shows the end. */
function run(command, args, options = {}) {
  return new Promise((done) => {
    const log = openSync(LOG, 'a');
    writeSync(log, `\n$ ${command} ${args.join(' ')}\n`);
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', log, log], ...options });
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => finish(code === 0 ? undefined : `exit code ${code ?? signal}`));
    function finish(failure) {
      closeSync(log);
      if (!failure) return done();
      const tail = readFileSync(LOG, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
      console.error(tail);
      giveUp(
        `${command} ${args[0]} failed: ${failure}`,
        `The whole output is in ${LOG}. Once mended, run the same command again.`,
      );
    }
  });
}

async function step(title, work) {
  const start = Date.now();
  console.error(`set-up: ${title} ...`);
  await work();
  console.error(`set-up: ${title}: ready after ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

async function installPackages() {
  if (lstatSync(join(ROOT, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    giveUp(
      'node_modules is a link, and npm would empty what it leads to',
      'Remove the link; the packages come by themselves.',
    );
  }
  const npm = process.env.npm_execpath;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  if (npm?.endsWith('.js')) await run(process.execPath, [npm, ...args]);
  else await run(WINDOWS ? 'npm.cmd' : 'npm', args, { shell: WINDOWS });
}

/** The lines of requirements.txt that pin uv, the installer of all the others. */
function uvRequirement() {
  const lines = readFileSync(join(ROOT, 'requirements.txt'), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('uv=='));
  const end = lines.findIndex((line, at) => at > start && !/^\s/.test(line));
  return lines
    .slice(start, end === -1 ? undefined : end)
    .filter((line) => !/^\s+#/.test(line))
    .join('\n');
}

async function installPython(python) {
  const venv = join(ROOT, '.venv');
  rmSync(venv, { recursive: true, force: true });
  await run(python, ['-m', 'venv', venv]);
  const uvFile = join(STATE, 'uv-requirement.txt');
  writeFileSync(uvFile, `${uvRequirement()}\n`);
  await run(VENV_PYTHON, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    uvFile,
  ]);
  await run(VENV_PYTHON, [
    '-m',
    'uv',
    'pip',
    'install',
    '--quiet',
    '--require-hashes',
    '--python',
    VENV_PYTHON,
    '-r',
    'requirements.txt',
  ]);
  const site = spawnSync(VENV_PYTHON, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
    encoding: 'utf8',
  });
  writeFileSync(join(site.stdout.trim(), 'slake.pth'), `${join(ROOT, 'collector')}\n`);
}

async function setUp() {
  const want = wanted();
  const have = made();
  const samePlatform = have.platform === want.platform;
  const needsNpm = !samePlatform || have.npm !== want.npm || !existsSync(join(ROOT, 'node_modules', 'zod'));
  const needsPython = !samePlatform || have.python !== want.python || !existsSync(VENV_PYTHON);
  if (!needsNpm && !needsPython) return;
  mkdirSync(STATE, { recursive: true });
  rmSync(STAMP, { force: true });
  writeFileSync(LOG, '');
  const python = needsPython ? findPython() : undefined;
  await Promise.all([
    needsNpm ? step('npm packages', installPackages) : undefined,
    needsPython ? step('Python packages', () => installPython(python)) : undefined,
  ]);
  writeFileSync(STAMP, `${JSON.stringify(want)}\n`);
}

/** The pinned Node, or the running one where no pinned build exists for the platform. */
function findNode() {
  const pinned = join(MODULES_BIN, WINDOWS ? 'node.cmd' : 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE_FOR_TYPES) return process.execPath;
  return giveUp(
    `no pinned Node is published for ${process.platform}-${process.arch}, and Node ${process.versions.node} is too old`,
    `Install Node ${OLDEST_NODE_FOR_TYPES} or newer and run the same command again.`,
  );
}

function handOver(args) {
  const env = {
    ...process.env,
    PATH: [MODULES_BIN, VENV_BIN, process.env.PATH].join(delimiter),
    VIRTUAL_ENV: join(ROOT, '.venv'),
  };
  const child = spawn(findNode(), [join(ROOT, 'src', 'cli', 'main.ts'), ...args], { stdio: 'inherit', env });
  // The terminal sends Ctrl-C to the child as well; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => giveUp(`cannot start Node: ${error.message}`, 'Run "npm run setup" again.'));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

const args = process.argv.slice(2);
await setUp();
if (args[0] === 'setup') console.error(`set-up is complete: Node and npm packages in node_modules, Python in .venv`);
else handOver(args);
