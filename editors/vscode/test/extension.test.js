'use strict';

// The extension starts the language server as VS Code would, and the server answers over the protocol.
// BEAMLINE names the launcher. VS Code itself is not here: the two modules it gives are stood in for.

const { test } = require('node:test');
const assert = require('node:assert');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const PATIENCE = 180_000;

const project = () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beamline-vscode-'));
  fs.mkdirSync(path.join(folder, 'queries'));
  fs.writeFileSync(path.join(folder, 'pipelines.yaml'), [
    'version: 1', 'project: tiny', 'sources:', '  events:', '    type: files', '    path: events.ndjson',
    '    columns: {ts: {type: TIMESTAMP, required: true}, team: STRING, score: INT64}', '    event_time: ts',
    'pipelines:', '  all: {mode: batch, queries: ["*"]}', ''].join('\n'));
  fs.writeFileSync(path.join(folder, 'events.ndjson'), '');
  fs.writeFileSync(path.join(folder, 'queries', 'wrong.sql'), 'SELECT taem FROM events');
  return folder;
};

// Loads the extension as VS Code does, and gives what it makes its client of.
const activate = async (folder) => {
  const made = [];
  const commands = [];
  const vscode = {
    workspace: {
      getConfiguration: () => ({ get: (name) => (name === 'command' ? process.env.BEAMLINE : undefined) }),
      workspaceFolders: [{ uri: { fsPath: folder } }],
      createFileSystemWatcher: (pattern) => ({ pattern }),
    },
    window: { showErrorMessage: (text) => assert.fail(text) },
    commands: { registerCommand: (name) => (commands.push(name), { dispose() {} }) },
  };
  class LanguageClient {
    constructor(id, name, server, client) { Object.assign(this, { id, name, server, client }); made.push(this); }
    async start() { this.started = true; }
    async stop() { this.started = false; }
  }
  const load = Module._load;
  Module._load = (name, ...rest) => {
    if (name === 'vscode') return vscode;
    if (name === 'vscode-languageclient/node') return { LanguageClient, TransportKind: { stdio: 0 } };
    return load(name, ...rest);
  };
  try {
    const extension = require('../extension.js');
    await extension.activate({ subscriptions: [] });
    return { client: made[0], commands, extension };
  } finally {
    Module._load = load;
  }
};

// The language server as the client's options start it, with JSON-RPC over its pipes.
const serve = ({ command, args, options }) => {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = new Map();
  const notes = [];
  let waiting = [];
  let buffer = Buffer.alloc(0);
  let next = 1;
  const take = (message) => {
    if (message.id !== undefined && message.method === undefined) {
      answers.get(message.id)?.(message);
    } else {
      if (message.id !== undefined) send({ id: message.id, result: null });
      notes.push(message);
      waiting = waiting.filter(({ is, done }) => !is(message) || done(message));
    }
  };
  child.stdout.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString())[1]);
      if (buffer.length < end + 4 + length) return;
      const text = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      take(JSON.parse(text));
    }
  });
  const send = (message) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  return {
    exit: new Promise((resolve) => child.on('exit', resolve)),
    kill: () => child.kill('SIGKILL'),
    tell: (method, params) => send({ method, params }),
    ask: (method, params) => new Promise((resolve, reject) => {
      const id = next++;
      answers.set(id, (message) => (message.error ? reject(new Error(message.error.message)) : resolve(message.result)));
      send({ id, method, params });
    }),
    told: (is) => {
      const known = notes.find(is);
      return known ? Promise.resolve(known) : new Promise((done) => waiting.push({ is, done: (m) => void done(m) }));
    },
  };
};

test('the extension starts the language server, which answers', { timeout: PATIENCE }, async () => {
  assert.ok(process.env.BEAMLINE, 'BEAMLINE names no launcher');
  const folder = project();
  const { client, commands, extension } = await activate(folder);
  assert.deepStrictEqual(commands, ['beamline.restart']);
  assert.strictEqual(client.started, true);
  assert.ok(client.client.documentSelector.some(({ pattern }) => pattern === '**/pipelines.yaml'));
  const server = serve(client.server.run);
  try {
    const root = pathToFileURL(folder).href;
    const { capabilities } = await server.ask('initialize', { processId: process.pid, rootUri: root, capabilities: {}, workspaceFolders: [{ uri: root, name: 'tiny' }] });
    for (const name of ['completionProvider', 'hoverProvider', 'definitionProvider', 'renameProvider']) assert.ok(capabilities[name], name);
    server.tell('initialized', {});
    const uri = pathToFileURL(path.join(folder, 'queries', 'wrong.sql')).href;
    const text = fs.readFileSync(path.join(folder, 'queries', 'wrong.sql'), 'utf8');
    server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
    const wrong = await server.told(({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === uri && params.diagnostics.length > 0);
    assert.match(wrong.params.diagnostics[0].message, /taem/);
    assert.deepStrictEqual(wrong.params.diagnostics[0].range.start, { line: 0, character: 7 });

    const right = 'SELECT team FROM events';
    server.tell('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: right }] });
    await server.told(({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === uri && params.diagnostics.length === 0);
    const hover = await server.ask('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 8 } });
    assert.match(JSON.stringify(hover.contents), /STRING/);
    const completion = await server.ask('textDocument/completion', { textDocument: { uri }, position: { line: 0, character: 9 } });
    const labels = (completion.items ?? completion).map(({ label }) => label);
    assert.ok(labels.includes('team'), labels.join());
    await server.ask('shutdown', null);
    server.tell('exit', null);
    assert.strictEqual(await server.exit, 0);
  } finally {
    server.kill();
    await extension.deactivate();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
