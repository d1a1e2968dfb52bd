'use strict';

// Starts `beamline lsp` for the workspace and lets VS Code speak with it.

const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

// As configured, else the workspace's own launcher, else what the PATH has.
const commandOf = (folder) => {
  const configured = vscode.workspace.getConfiguration('beamline').get('command');
  if (configured) return configured;
  const own = path.join(folder, process.platform === 'win32' ? 'beamline.cmd' : 'beamline');
  return fs.existsSync(own) ? own : 'beamline';
};

const start = async () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (!folder) return;
  const run = { command: commandOf(folder), args: ['lsp', '-C', folder], transport: TransportKind.stdio, options: { cwd: folder } };
  client = new LanguageClient('beamline', 'Beamline', { run, debug: run }, {
    documentSelector: [
      { scheme: 'file', pattern: '**/queries/**/*.sql' },
      { scheme: 'file', pattern: '**/pipelines.yaml' },
      { scheme: 'file', pattern: '**/tests/*.yaml' },
    ],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/{queries/**/*.sql,pipelines.yaml,tests/*.yaml}') },
  });
  try {
    await client.start();
  } catch (error) {
    vscode.window.showErrorMessage(`Beamline's language server did not start (${run.command}): ${error.message}. Set beamline.command to the launcher.`);
  }
};

exports.activate = async (context) => {
  context.subscriptions.push(vscode.commands.registerCommand('beamline.restart', async () => {
    await client?.stop();
    await start();
  }));
  await start();
};

exports.deactivate = () => client?.stop();
