/**
 * The one door to the controls, so that a page names elements (`vscode-button`, `vscode-dropdown`, …) and never the
 * toolkit: it is deprecated upstream, and can be replaced here.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeLink,
  vsCodeOption,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeLink(), vsCodeOption());
