/** Which model servers are on this machine: prompts hold the workspace's text, and go elsewhere only after a yes. */

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;

/** @param address a URL as `resolveServer` gives it */
export function isThisMachine(address: string): boolean {
	return URL.canParse(address) && LOOPBACK.test(new URL(address).hostname);
}

/** Host and port alone, for a place where little fits. */
export function shortAddress(address: string): string {
	return URL.canParse(address) ? new URL(address).host : address;
}
