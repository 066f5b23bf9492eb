/**
 * Opens samples/ in VS Code with the extension of the checkout and takes a picture in each theme:
 * node test/host/look.ts [file of samples]. Build first. A script of one's own begins like this one.
 */
import { openFile, openWorkbench, setTheme, shot } from './page.ts';

const workbench = await openWorkbench({ name: 'look' });
try {
  await openFile(workbench, process.argv[2] ?? 'film-sentences.txt');
  for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
    await setTheme(workbench, theme);
    console.log(await shot(workbench, theme));
  }
} finally {
  await workbench.close();
}
