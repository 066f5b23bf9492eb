import * as vscode from 'vscode';
import type { Lab } from '../lab.ts';
import { canInstallCuda, type Installer, runInstaller } from '../processes/installer.ts';
import { withInstaller } from '../progress.ts';
import { showReason } from '../showReason.ts';

/** Installs ONNX Runtime's CUDA files into the extension, after asking; linux x64 is where they exist. */
export async function installCuda(lab: Lab): Promise<void> {
  if (!canInstallCuda()) return;
  const install = 'Download and Install';
  const detail =
    'About 200 MB are downloaded from NuGet, and take about 400 MB on disk. They need an NVIDIA GPU, its driver, CUDA 12 and cuDNN 9, which are not part of this.';
  const message = 'Install ONNX Runtime’s CUDA files?';
  if ((await vscode.window.showInformationMessage(message, { modal: true, detail }, install)) !== install) return;
  const script = lab.extension.asAbsolutePath('dist/onnxruntime/install.cjs');
  const installed = await withInstaller('Installing CUDA files', lab.log, call =>
    runInstaller(cudaFiles(script), call),
  );
  if (!installed.ok) return showReason(installed.error);
  await lab.process.stop('as its CUDA files were installed');
  lab.models.ranOn(undefined);
}

/** ONNX Runtime's own script, which downloads the CUDA files of its version beside its native library. */
const cudaFiles = (script: string): Installer => ({
  program: process.execPath,
  args: [script, '--onnxruntime-node-install=cuda12'],
  env: { ELECTRON_RUN_AS_NODE: '1' },
  failure: { code: 'cuda-install-failed', what: 'The CUDA files could not be installed' },
});
