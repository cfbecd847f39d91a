// Rollcall behind the real nginx on a free port of 127.0.0.1, in a directory of its own.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const ROLLCALL = process.env.ROLLCALL ?? path.join(ROOT, 'build/dev/app/rollcall');
export const WWW = path.join(ROLLCALL, '../../www');

// The shell functions that script/server and the other tests use; $1 is the site's directory.
const RENDER = 'source script/lib/site.bash && render_site "$1" "127.0.0.1:$2" "unix:$1/app.sock" "$3"'
  + ' && if [[ -n $4 ]]; then add_organiser "$1" ada "$4"; fi';
const RUN_NGINX = 'source script/lib/site.bash && nginx_command "$1" && attached "${nginx_command[@]}"';
const RUN_APP = 'source script/lib/site.bash && attached "$@"';

const bash = (script, ...argv) => ['-euc', script, 'bash', ...argv];

// A process and all that it has said on standard error.
class Program {
  constructor(argv, env = {}) {
    this.said = '';
    this.process = spawn('bash', argv, { cwd: ROOT, stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, ...env } });
    this.process.stderr.setEncoding('utf8');
    this.process.stderr.on('data', (text) => { this.said += text; });
    this.ended = once(this.process, 'close').then(([code, signal]) => code ?? signal);
  }

  // Resolves to whether it has said the text; to false if it has ended without.
  async says(text) {
    const isOver = this.ended.then(() => true);
    while (!this.said.includes(text)) {
      const heard = once(this.process.stderr, 'data').then(() => false);
      if (await Promise.race([heard, isOver])) return this.said.includes(text);
    }
    return true;
  }

  async end(signal) {
    this.process.kill(signal);
    const status = await this.ended;
    if (status !== 0) throw new Error(`${this.process.spawnargs.join(' ')} ended with ${status}:\n${this.said}`);
  }
}

class Site {
  #app;
  #nginx;
  options;

  constructor(options, www, password, env) {
    this.directory = mkdtempSync('/tmp/rollcall-test.');
    this.data = path.join(this.directory, 'data');
    mkdirSync(this.data);
    this.options = options;
    this.www = www;
    this.password = password;
    this.env = env;
  }

  // users: as `rollcall import` takes them, oldest first.
  import(users) {
    const lines = users.map((user) => JSON.stringify(user) + '\n').join('');
    execFileSync(ROLLCALL, ['import', '--data', this.data, '--format', 'jsonl'], {
      input: lines,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
  }

  // With the server stopped.
  remove(name) {
    execFileSync(ROLLCALL, ['remove', '--data', this.data, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async startApp() {
    const listen = `unix:${this.directory}/app.sock`;
    this.#app = new Program(bash(RUN_APP, ROLLCALL, '--listen', listen, '--data', this.data, '--www', this.www, ...this.options), this.env);
    if (!(await this.#app.says(' event=ready '))) throw new Error(`rollcall did not start:\n${this.#app.said}`);
  }

  async stopApp() {
    await this.#app?.end('SIGTERM');
    this.#app = undefined;
  }

  // As a machine without memory left does.
  async killApp() {
    this.#app.process.kill('SIGKILL');
    await this.#app.ended;
    this.#app = undefined;
  }

  // Its connections stay open, and nothing comes, as from one that hangs. It goes on with resumeApp().
  suspendApp() {
    this.#app.process.kill('SIGSTOP');
  }

  resumeApp() {
    this.#app.process.kill('SIGCONT');
  }

  // change: what the site's configuration is put through. Nobody says which ports are free, so some are tried.
  async startNginx(change = (site) => site) {
    for (let tries = 20; tries > 0; tries--) {
      const port = 20000 + Math.floor(Math.random() * 12000);
      this.#render(port, change);
      this.#nginx = new Program(bash(RUN_NGINX, this.directory));
      this.url = `http://127.0.0.1:${port}`;
      if (await this.#nginx.says('start worker process ')) return;
      if (!this.#nginx.said.includes('Address already in use')) break;
    }
    throw new Error(`nginx did not start:\n${this.#nginx.said}`);
  }

  #render(port, change) {
    const file = path.join(this.directory, 'rollcall.conf');
    execFileSync('bash', bash(RENDER, this.directory, String(port), this.www, this.password), { cwd: ROOT });
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  // Those on disk, oldest first.
  names() {
    const lines = readFileSync(path.join(this.data, 'users.log'), 'utf8').split('\n');
    return lines.slice(1, -1).map((line) => line.split('\t')[4]);
  }

  // The addresses that nginx was asked for, in order.
  requests() {
    const lines = readFileSync(path.join(this.directory, 'access.log'), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => / request="[A-Z]+ (\S+) /.exec(line)[1]);
  }

  // As a program does.
  async signUp(name) {
    const body = new URLSearchParams({ username: name });
    const response = await fetch(`${this.url}/create-user`, { method: 'POST', body, redirect: 'manual' });
    if (response.status !== 303) throw new Error(`signing up ${name} answered ${response.status}`);
  }

  // Both must end by themselves, and nginx must have logged no error but those that are told.
  async end(expectedErrors = []) {
    await this.#nginx?.end('SIGQUIT');
    await this.stopApp();
    // A port that somebody has, and gives up while nginx tries it a few times by itself, is no fault.
    const errors = (this.#nginx?.said ?? '')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('[notice]') && !line.includes('(98: Address already in use)'));
    const unexpected = errors.filter((line) => !expectedErrors.some((text) => line.includes(text)));
    if (unexpected.length > 0) throw new Error(`nginx complained:\n${unexpected.join('\n')}`);
    rmSync(this.directory, { recursive: true });
  }
}

// A site that answers. users: there from the start. options: of rollcall. www: static files. password: of the organiser `ada`, if
// there is one. env: besides that of the test. change: see startNginx.
export async function startSite({ users = [], options = [], www = WWW, password = '', env, change } = {}) {
  const site = new Site(password === '' ? options : ['--admin', 'on', ...options], www, password, env);

  if (users.length > 0) site.import(users);
  await site.startApp();
  await site.startNginx(change);
  return site;
}
