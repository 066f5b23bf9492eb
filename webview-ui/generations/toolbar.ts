import { html, type TemplateResult } from 'lit';
import { isUnderWay } from '../../src/protocol/branches.ts';
import type { NamedSettings, PastRequest } from '../../src/protocol/panels/generations.ts';
import { counted } from '../shared/format.ts';
import { legend } from '../shared/legend.ts';
import '../shared/menu.ts';
import type { MenuItem } from '../shared/menu.ts';
import { action } from '../shared/toolbar.ts';
import type { PageContext } from './context.ts';
import { settingsLine } from '../shared/settingsLine.ts';

/** What is done with all columns, and the scale of the heat. */
export function toolbar(context: PageContext): TemplateResult {
  const { snapshot, ui, send, change } = context;
  const running = Object.values(snapshot.results).some(isUnderWay);
  const empty = Object.keys(snapshot.results).length === 0;
  return html`
    <header class="toolbar">
      <div class="actions" role="toolbar" aria-label="All columns">
        ${action('run-all', 'Run all', 'Run all columns (Control+Enter in the prompt)', snapshot.columns.length === 0, () => send({ type: 'run' }))}
        ${action('debug-stop', 'Stop', 'Stop all columns (Escape)', !running, () => send({ type: 'stop' }))}
        <lm-menu .icon=${'add'} .text=${'Column'} .label=${'Add a column'} .items=${settingsItems(context)}></lm-menu>
        <lm-menu
          .icon=${'history'}
          .label=${'Earlier requests'}
          .disabled=${snapshot.history.length === 0}
          .items=${historyItems(context)}
        ></lm-menu>
        ${action('export', 'JSON', 'Export all columns with all their branches as JSON', empty, () => send({ type: 'export', format: 'json' }))}
      </div>
      ${legend(ui, change)}
    </header>
  `;
}

function settingsItems({ snapshot, send }: PageContext): MenuItem[] {
  const item = (from: NamedSettings, section?: string): MenuItem => ({
    label: from.name,
    hint: settingsLine(from.settings),
    run: () => send({ type: 'addColumn', from }),
    ...(section && { section }),
  });
  return [
    ...snapshot.presets.map((preset, i) => item(preset, i === 0 ? 'Presets' : undefined)),
    ...snapshot.named.map((named, i) => ({
      ...item(named, i === 0 ? 'Kept in this workspace' : undefined),
      also: {
        icon: 'trash',
        label: `Forget “${named.name}”`,
        run: () => send({ type: 'forgetSettings', name: named.name }),
      },
    })),
  ];
}

function historyItems({ snapshot, send }: PageContext): MenuItem[] {
  const requests = snapshot.history.map((past, request) => ({
    label: past.prompt.replaceAll(/\s+/g, ' ').slice(0, 120),
    hint: `${counted(past.columns.length, 'column')} · ${timeOf(past)}`,
    icon: 'history',
    run: () => send({ type: 'recall', request }),
  }));
  const clear = { label: 'Forget all', icon: 'clear-all', section: '', run: () => send({ type: 'clearHistory' }) };
  return [...requests, clear];
}

/** `14:05` today, else `Nov 22`. */
function timeOf({ at }: PastRequest): string {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  return today
    ? then.toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false })
    : then.toLocaleDateString('en', { month: 'short', day: 'numeric' });
}
