export { loginWithBrowser } from "./flows/browser-login.js";
export type { BrowserLoginOptions } from "./flows/browser-login-options.js";
export type { CompletedLogin } from "./flows/completed-login.js";
export { type DeviceLoginOptions, type DeviceLoginPrompt, loginWithDeviceCode } from "./flows/device-login.js";
export type { Pause } from "./flows/pause.js";
export type { RandomSource } from "./flows/pkce.js";
export type { RedirectedUrlPrompt } from "./flows/redirected-url.js";
export { redactLoginUrl } from "./flows/url-redaction.js";
