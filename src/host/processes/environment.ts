/** What of the editor's network settings the engine needs to reach a model hub as the editor itself would. */
export interface NetworkSettings {
  readonly proxy?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
  readonly systemCertificates?: boolean | undefined;
}

export interface EngineEnvironment {
  readonly network: NetworkSettings;
  /** The Hugging Face cache; empty: the standard place. */
  readonly cache: string;
  /** The editor is Electron, which runs as plain Node only when it is told to. */
  readonly electron: boolean;
}

/**
 * The environment of the engine process: the editor's own, without what steers the editor (`VSCODE_*`, `ELECTRON_*`),
 * and with ONNX Runtime's telemetry off. Proxy variables that are already set are left as they are.
 */
export function engineEnvironment(
  from: NodeJS.ProcessEnv,
  { network, cache, electron }: EngineEnvironment,
): NodeJS.ProcessEnv {
  const own = Object.entries(from).filter(([name]) => !/^(VSCODE|ELECTRON)_/i.test(name));
  return {
    ...(network.proxy && { HTTP_PROXY: network.proxy, HTTPS_PROXY: network.proxy }),
    ...(network.noProxy?.length && { NO_PROXY: network.noProxy.join(',') }),
    ...(network.systemCertificates && { NODE_USE_SYSTEM_CA: '1' }),
    NODE_USE_ENV_PROXY: '1',
    ...Object.fromEntries(own),
    ...(cache && { HF_HUB_CACHE: cache }),
    ...(electron && { ELECTRON_RUN_AS_NODE: '1' }),
    ORT_DISABLE_TELEMETRY: '1',
  };
}
