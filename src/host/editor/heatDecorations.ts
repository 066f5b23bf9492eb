import * as vscode from 'vscode';
import { HEAT_COLORS } from '../../protocol/heat.ts';
import type { Settings } from '../settings.ts';

/** Steps 1 to 5 without colour, each plainly heavier than the one before: as an underline, and as a border. */
const LINES = ['1px dotted', '1px dashed', '1px solid', '2px solid', '3px double'];

/** One decoration a heat step, 1 to 5: the step's theme colour, and the cues that do not need colour. */
export function heatDecorations(cue: Settings['heat']['cue']): vscode.TextEditorDecorationType[] {
  const { kind } = vscode.window.activeColorTheme;
  const highContrast = kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
  return HEAT_COLORS.map((id, step) =>
    vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor(id),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      ...(highContrast && { border: LINES[step], borderColor: new vscode.ThemeColor('editor.foreground') }),
      ...(cue === 'underline' && { textDecoration: underline(LINES[step] ?? '') }),
    }),
  );
}

const underline = (line: string): string =>
  `underline ${line}; text-decoration-skip-ink: none; text-underline-offset: 1px`;

/** After a text's last line: its perplexity. */
export function perplexityDecoration(): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 1em' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
