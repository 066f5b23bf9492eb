/** What the webview is given by the editor, once. */
interface VsCodeApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): VsCodeApi<State>;

/** The page's end of a panel's protocol. */
export interface HostChannel<Message, Intent, Saved> {
  send(intent: Intent): void;
  onMessage(listener: (message: Message) => void): void;
  /** What `save` kept, over reloads of the window. */
  readonly saved: Saved | undefined;
  save(state: Saved): void;
}

/** Only the editor can post into a webview: its messages are taken at their type. */
export function connectToHost<Message, Intent, Saved>(): HostChannel<Message, Intent, Saved> {
  const api = acquireVsCodeApi<Saved>();
  return {
    send: intent => api.postMessage(intent),
    onMessage: listener => window.addEventListener('message', event => listener(event.data as Message)),
    saved: api.getState(),
    save: state => api.setState(state),
  };
}
