import * as vscode from 'vscode';
import type { OnProgress, Progress } from '../protocol/engine.ts';
import { bytes, duration } from './format.ts';
import type { InstallerCall } from './processes/installer.ts';

/** Runs something long under a notification with progress and cancel. */
export async function withProgress<T>(
  title: string,
  task: (call: { readonly signal: AbortSignal; readonly onProgress: OnProgress }) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, async (shown, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    let reported = 0;
    const onProgress = (progress: Progress): void => {
      const share = progress.total ? (100 * progress.done) / progress.total : 0;
      shown.report({ message: progressText(progress), increment: Math.max(0, share - reported) });
      reported = Math.max(reported, share);
    };
    return task({ signal: abort.signal, onProgress });
  });
}

/** pip names files with their hashes and addresses. */
const LONGEST_LINE = 80;
const shortened = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);

/** Runs an installer under a notification that shows its newest line and can cancel it; the log has all of them. */
export async function withInstaller<T>(
  title: string,
  log: vscode.LogOutputChannel,
  install: (call: InstallerCall) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title, cancellable: true }, (shown, token) =>
    install({
      onLine: line => {
        log.info(line);
        shown.report({ message: shortened(line) });
      },
      onCancel: listener => token.onCancellationRequested(listener),
    }),
  );
}

/** `Downloading model.safetensors · 120 MB of 548 MB · 11 MB/s · 40 s left`, as far as it is known. */
export function progressText({ message, done, total, unit, rate, secondsLeft }: Progress): string {
  const number = (value: number): string => (unit === 'bytes' ? bytes(value) : Math.round(value).toLocaleString('en'));
  const amount = (value: number): string => (unit === 'bytes' ? number(value) : `${number(value)} ${unit}`);
  return [
    message,
    total === undefined ? done > 0 && amount(done) : `${number(done)} of ${amount(total)}`,
    rate !== undefined && `${amount(rate)}/s`,
    secondsLeft !== undefined && `${duration(secondsLeft)} left`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `58 % · 40 s left`, for where there is little room. */
export function shortProgressText({ message, done, total, secondsLeft }: Progress): string {
  if (!total) return message;
  const left = secondsLeft === undefined ? '' : ` · ${duration(secondsLeft)} left`;
  return `${Math.floor((100 * done) / total)} %${left}`;
}
