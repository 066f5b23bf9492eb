import type { DevicePreference } from '../../protocol/engine.ts';
import type { Lab } from '../lab.ts';
import { pickOne } from '../pick.ts';
import { settings, writeSetting } from '../settings.ts';

const DEVICES: Record<'linux' | 'darwin' | 'win32', Partial<Record<DevicePreference, string>>> = {
  linux: { cuda: 'NVIDIA GPU; its files are installed by “Install CUDA Files”' },
  darwin: { coreml: 'Apple GPU and neural engine' },
  win32: { dml: 'Any GPU, by DirectML', webgpu: 'Any GPU, by WebGPU' },
};

/** Chooses where models run, by a setting. */
export async function chooseDevice(lab: Lab): Promise<void> {
  const now = settings().device;
  const ofPlatform = DEVICES[process.platform as keyof typeof DEVICES] ?? {};
  const all = { auto: 'The best that works here', cpu: 'The processor', ...ofPlatform };
  const items = Object.entries(all).map(([device, detail]) => ({
    device,
    label: `$(${device === now ? 'check' : 'blank'}) ${device}`,
    detail,
  }));
  const running = lab.models.device ? `running on ${lab.models.device.device}` : 'not running yet';
  const chosen = await pickOne(items, { title: `Device: ${now}, ${running}` });
  if (!chosen) return;
  await writeSetting('device', chosen.device);
  lab.models.ranOn(undefined);
}
