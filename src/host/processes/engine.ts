import * as vscode from 'vscode';
import { KEEPS_MEMORY } from '../../protocol/processMemory.ts';
import { judgeHost } from '../judges/judgeHost.ts';
import { onSettingChange, settings } from '../settings.ts';
import { EngineProcess } from './engineProcess.ts';
import { engineEnvironment } from './environment.ts';

/** This window's engine, started and stopped as the settings say. Settings that it reads at its start restart it. */
export function createEngine(extension: vscode.ExtensionContext, log: vscode.LogOutputChannel): EngineProcess {
  const engine = new EngineProcess({
    launch: () => ({
      module: extension.asAbsolutePath('dist/engine.cjs'),
      options: {
        starterFolder: extension.asAbsolutePath('models/starter'),
        ...(settings().threads > 0 && { threads: settings().threads }),
      },
      env: processEnvironment(),
      host: judgeHost(extension.secrets),
      log: line => log.info(`engine: ${line}`),
    }),
    idleMinutes: () => settings().engine.idleMinutes,
    log: line => log.info(line),
  });
  for (const name of ['threads', 'huggingFace.cache']) {
    extension.subscriptions.push(onSettingChange(name, () => void engine.stop('as its settings changed')));
  }
  return engine;
}

/** Of a trainer. */
export const trainerEnvironment = (): NodeJS.ProcessEnv => ({ ...KEEPS_MEMORY, ...processEnvironment() });

/** Of our own processes. */
export function processEnvironment(): NodeJS.ProcessEnv {
  const http = vscode.workspace.getConfiguration('http');
  return engineEnvironment(process.env, {
    network: {
      proxy: http.get('proxy'),
      noProxy: http.get('noProxy'),
      systemCertificates: http.get('systemCertificates'),
    },
    cache: settings().huggingFace.cache,
    electron: process.versions['electron'] !== undefined,
  });
}
