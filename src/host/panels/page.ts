import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/**
 * Fills a panel with one of our pages: the bundle of that name in dist/webview. The page may load what stands there
 * and nothing else; scripts and style elements only with the nonce, which the toolkit of controls takes from
 * `csp-nonce` for a style element of its own.
 */
export function fillPage(panel: vscode.WebviewPanel, extension: vscode.Uri, name: string, title: string): void {
  const { webview } = panel;
  const icon = (file: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', file);
  panel.iconPath = { light: icon('panel-light.svg'), dark: icon('panel-dark.svg') };
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const nonce = randomBytes(16).toString('base64');
  const at = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const source = webview.cspSource;
  const policy = [
    `default-src 'none'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `font-src ${source}`,
    `img-src ${source} data:`,
    `script-src 'nonce-${nonce}'`,
  ];
  webview.html = `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta property="csp-nonce" content="${nonce}">
  <meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
  <link rel="stylesheet" href="${at('codicon.css')}">
  <link rel="stylesheet" href="${at(`${name}.css`)}">
  <title>${title}</title>
</head>
<body>
  <script nonce="${nonce}" src="${at(`${name}.js`)}"></script>
</body>
</html>`;
}
