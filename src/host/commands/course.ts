import * as vscode from 'vscode';
import { sampleFile } from '../course/samples.ts';
import { COURSE_STEPS, type CourseStep } from '../course/steps.ts';
import type { Lab } from '../lab.ts';

/** Opens the walkthrough that leads through everything. */
export const openCourse = (lab: Lab): Thenable<unknown> =>
  vscode.commands.executeCommand('workbench.action.openWalkthrough', `${lab.extension.extension.id}#course`, false);

/** Does what the button of a step says, and ticks it off: the walkthrough looks at the step's own context key. */
export async function courseStep(lab: Lab, name: string): Promise<void> {
  const step = COURSE_STEPS[name];
  if (!step) throw new RangeError(`the course has no step "${name}"`);
  const file = step.file === undefined ? undefined : await sampleFile(lab, step.file);
  if (file) await show(file, step);
  await vscode.commands.executeCommand('setContext', `lmLab.courseStepDone.${name}`, true);
  if (step.command) await vscode.commands.executeCommand(step.command, ...(step.givesFile && file ? [file] : []));
}

/** Beside the walkthrough, so that one can go on reading. */
async function show(file: vscode.Uri, { select }: CourseStep): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  const selection = select === undefined ? undefined : placeOf(document, select);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preview: false,
    ...(selection && { selection }),
  });
}

function placeOf(document: vscode.TextDocument, select: NonNullable<CourseStep['select']>): vscode.Range {
  const text = document.getText();
  if (typeof select !== 'string')
    return new vscode.Range(document.positionAt(0), document.positionAt(text.trimEnd().length));
  const start = Math.max(0, text.indexOf(select));
  return new vscode.Range(document.positionAt(start), document.positionAt(start + select.length));
}
