import type { SettingsForm } from '../../src/protocol/decodingOptions.ts';
import type { SettingField } from './settingFields.ts';

/** How an option's value is written in its field. */
export function writtenValue({ kind }: Pick<SettingField, 'kind'>, value: unknown): string {
  if (value === undefined) return '';
  switch (kind) {
    case 'texts':
      return (value as readonly string[]).map(text => escapeEnds(text)).join('\n');
    case 'ids':
      return (value as readonly number[]).join(', ');
    case 'biases':
      return (value as NonNullable<SettingsForm['bias']>).map(({ id, value }) => `${id}: ${value}`).join(', ');
    default:
      return String(value);
  }
}

/** The value that a field's text stands for; undefined where it is empty. What is no number is handed on as it is, to be refused. */
export function readValue({ kind }: Pick<SettingField, 'kind'>, text: string): unknown {
  if (text.trim() === '' && kind !== 'texts') return undefined;
  switch (kind) {
    case 'number':
      return numberOr(text);
    case 'yes':
      return text === 'true' ? true : undefined;
    case 'past context':
      return text === 'slide' ? 'slide' : undefined;
    case 'texts': {
      const texts = text
        .split('\n')
        .filter(line => line !== '')
        .map(unescapeEnds);
      return texts.length > 0 ? texts : undefined;
    }
    case 'ids':
      return listed(text).map(numberOr);
    case 'biases':
      return listed(text).map(item => {
        const [id = '', value = ''] = item.split(/[:=]/);
        return { id: numberOr(id), value: numberOr(value) };
      });
  }
}

const listed = (text: string): string[] => text.split(/[,\n]/).filter(item => item.trim() !== '');

const numberOr = (text: string): number | string =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text.trim();

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t' };

const escapeEnds = (text: string): string => text.replace(/[\\\n\t]/g, found => ESCAPES[found] ?? found);

const unescapeEnds = (text: string): string =>
  text.replace(/\\[\\nt]/g, found => Object.entries(ESCAPES).find(([, written]) => written === found)?.[0] ?? found);
