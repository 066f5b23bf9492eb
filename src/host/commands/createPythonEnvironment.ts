import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { createEnvironment, environmentFolder } from '../processes/python.ts';
import { withInstaller } from '../progress.ts';
import { writeSetting } from '../settings.ts';
import { showReason } from '../showReason.ts';

/** Makes a Python environment that trains by PyTorch, after asking, and names it in the setting. */
export async function createPythonEnvironment(lab: Lab): Promise<void> {
  const create = 'Download and Install';
  const folder = environmentFolder(lab.extension);
  const detail = `PyTorch, transformers, PEFT and Accelerate are installed from PyPI into ${folder}: several GB on Linux, where PyTorch brings its CUDA files, less elsewhere. It is what runs with "backend": "torch" need; all else works without.`;
  const message = 'Create a Python environment for LM Lab?';
  if ((await vscode.window.showInformationMessage(message, { modal: true, detail }, create)) !== create) return;
  const requirements = lab.extension.asAbsolutePath(join('python', 'requirements.txt'));
  const created = await withInstaller('Creating the Python environment', lab.log, call =>
    createEnvironment(folder, requirements, call),
  );
  if (!created.ok) {
    return showReason(created.error, { title: 'Try Again', run: () => createPythonEnvironment(lab) });
  }
  await writeSetting('python', created.value);
  void vscode.window.showInformationMessage('Runs with "backend": "torch" are trained by the new Python environment.');
}
